from django.db import migrations


class Migration(migrations.Migration):
    """Hours and exceptions of a place belong to the service of that place: a foreign key over both columns.

    Django has no foreign keys over two columns. A row without a place is not touched by it.
    """

    dependencies = [("services", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE services_serviceplace ADD CONSTRAINT a_place_and_its_service UNIQUE (id, service_id)",
            "ALTER TABLE services_serviceplace DROP CONSTRAINT a_place_and_its_service",
        ),
        migrations.RunSQL(
            "ALTER TABLE services_openinghours ADD CONSTRAINT hours_are_at_a_place_of_the_service "
            "FOREIGN KEY (place_id, service_id) REFERENCES services_serviceplace (id, service_id) "
            "DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE services_openinghours DROP CONSTRAINT hours_are_at_a_place_of_the_service",
        ),
        migrations.RunSQL(
            "ALTER TABLE services_openingexception ADD CONSTRAINT exceptions_are_at_a_place_of_the_service "
            "FOREIGN KEY (place_id, service_id) REFERENCES services_serviceplace (id, service_id) "
            "DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE services_openingexception DROP CONSTRAINT exceptions_are_at_a_place_of_the_service",
        ),
    ]
