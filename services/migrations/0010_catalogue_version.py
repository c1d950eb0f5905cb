from django.db import migrations

from network.triggers import WatchTables


class Migration(migrations.Migration):

    dependencies = [
        ('services', '0009_holiday_rounds'),
        ('network', '0014_catalogue_version'),
    ]

    operations = [
        WatchTables(
            'services_servicetype', 'services_audience', 'services_addiction', 'services_stage', 'services_setting',
            'services_aim', 'services_component', 'services_channel', 'services_language',
            'services_service', 'services_service_producers', 'services_service_further_types',
            'services_service_audiences', 'services_service_addictions', 'services_service_stages',
            'services_service_settings', 'services_service_aims', 'services_service_components',
            'services_service_channels', 'services_service_languages', 'services_service_municipalities',
            'services_service_next_steps', 'services_serviceplace', 'services_contact', 'services_servicetext',
            'services_openinghours', 'services_openingexception', 'services_visit', 'services_groupseason',
            'services_serviceaddress', 'services_readysearch', 'services_accessfeedback', 'services_servicenotice',
        ),
    ]
