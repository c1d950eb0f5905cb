from django.db import migrations, models

from network.triggers import CHANGED, WatchTables


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0013_periodic_work'),
    ]

    operations = [
        migrations.CreateModel(
            name='CatalogueChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.BigIntegerField(verbose_name='mark')),
            ],
            options={
                'verbose_name': 'change of the catalogue',
                'verbose_name_plural': 'changes of the catalogue',
                'default_permissions': (),
            },
        ),
        migrations.RunSQL(CHANGED, 'DROP FUNCTION IF EXISTS catalogue_changed()'),
        WatchTables(
            'network_wellbeingcounty', 'network_municipality', 'network_unittype', 'network_competence',
            'network_organisation', 'network_organisation_competences', 'network_organisation_municipalities_served',
            'network_organisationaddress', 'network_organisationlink', 'network_memberrole', 'network_membership',
            'network_user_competences', 'network_bulletin', 'network_bulletin_to_roles',
            'network_bulletin_to_municipalities', 'network_network', 'network_urgentline', 'network_statement',
            'network_retentionperiod',
        ),
        # Signing in writes `last_login`, which no page shows.
        WatchTables(
            'network_user',
            columns=('email', 'name', 'phone', 'name_shown_to', 'contact_shown_to', 'is_active', 'is_staff'),
        ),
    ]
