from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from network.models import User


class Command(BaseCommand):
    """The right is `is_staff`. `is_superuser` opens nothing here, and is taken away with it all the same."""

    help = "Make a person a coordinator, or a coordinator an ordinary person again. No page can do this."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="address of the account; it is made when there is none")
        parser.add_argument("--name", help="the person's name; kept as it is when not given")
        parser.add_argument(
            "--remove", action="store_true", help="take the coordinator's rights away; the account stays"
        )

    @transaction.atomic
    def handle(self, *args: Any, email: str, name: str | None, remove: bool, **options: Any) -> None:
        email = User.objects.normalize_email(email)
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email!r} is not an e-mail address.") from error
        person = User.objects.select_for_update().filter(email=email).first()
        if remove:
            self.remove(person, email)
        elif person is None:
            person = User.objects.create_user(email, name=name or "", is_staff=True)
            self.stdout.write(f"Made the account {email} and made it a coordinator.")
        else:
            self.promote(person, name)
        if person is not None and not remove and not person.has_usable_password():
            self.stdout.write(f"It has no password yet: set one with `manage.py changepassword {email}`.")

    def promote(self, person: User, name: str | None) -> None:
        already = person.is_coordinator
        person.is_staff = person.is_active = True
        person.name = person.name if name is None else name
        person.save(update_fields=["is_staff", "is_active", "name"])
        self.stdout.write(
            f"{person.email} was a coordinator already." if already else f"{person.email} is now a coordinator."
        )

    def remove(self, person: User | None, email: str) -> None:
        if person is None:
            raise CommandError(f"Nobody has an account with the address {email}.")
        was = person.is_staff
        person.is_staff = person.is_superuser = False
        person.save(update_fields=["is_staff", "is_superuser"])
        self.stdout.write(f"{email} is no longer a coordinator." if was else f"{email} was not a coordinator.")
