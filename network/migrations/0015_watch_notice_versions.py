from django.db import migrations

from network.triggers import WatchTables


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0014_catalogue_version'),
        ('network', '0014_rules_first_and_notice_versions'),
    ]

    operations = [
        WatchTables('network_noticeversion'),
    ]
