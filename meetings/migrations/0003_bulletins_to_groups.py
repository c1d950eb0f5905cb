from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0002_minutes'),
        ('network', '0017_expert_coordinators'),
    ]

    operations = [
        migrations.AddField(
            model_name='group',
            name='bulletins',
            field=models.ManyToManyField(blank=True, editable=False, related_name='to_groups', to='network.bulletin', verbose_name='bulletins to its people'),
        ),
    ]
