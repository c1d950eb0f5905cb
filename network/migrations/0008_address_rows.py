from django.db import migrations


def give_rows(apps, schema_editor):
    """Accounts that were made before the sign-in's library came get the row it keeps for their address."""
    User, EmailAddress = apps.get_model("network", "User"), apps.get_model("account", "EmailAddress")
    people = User.objects.exclude(email__in=EmailAddress.objects.values("email"))
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email.lower(), verified=True, primary=True) for person in people
    )


class Migration(migrations.Migration):
    dependencies = [
        ('network', '0007_data_protection'),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [migrations.RunPython(give_rows, migrations.RunPython.noop)]
