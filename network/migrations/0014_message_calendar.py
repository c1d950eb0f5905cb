from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0013_periodic_work'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='calendar',
            field=models.TextField(blank=True, default='', help_text='An iCalendar object with its METHOD.', verbose_name='calendar file'),
            preserve_default=False,
        ),
    ]
