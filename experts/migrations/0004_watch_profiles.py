from django.db import migrations

from network.triggers import WatchTables


class Migration(migrations.Migration):

    dependencies = [
        ('experts', '0003_reasons_for_declining'),
        ('network', '0015_watch_notice_versions'),
    ]

    operations = [
        WatchTables(
            'experts_expertprofile', 'experts_expertprofile_themes', 'experts_expertprofile_task_types',
            'experts_expertprofile_municipalities', 'experts_expertprofile_languages', 'experts_profileformat',
            'experts_experttheme', 'experts_talkformat', 'experts_tasktype',
        ),
    ]
