from django.db import migrations

from network.triggers import WatchTables


class Migration(migrations.Migration):

    dependencies = [
        ('experts', '0004_watch_profiles'),
        ('network', '0015_watch_notice_versions'),
    ]

    operations = [
        # Lists of orders are kept for their readers.
        WatchTables('experts_order', 'experts_ordersession', 'experts_offer'),
    ]
