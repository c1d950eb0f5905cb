from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0017_expert_coordinators'),
    ]

    operations = [
        migrations.AddField(
            model_name='bulletin',
            name='to_contact_persons',
            field=models.BooleanField(default=False, help_text='To those whom organisations have named to order experience experts.', verbose_name='to contact persons only'),
        ),
    ]
