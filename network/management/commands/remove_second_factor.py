from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from network.accounts import second_factor
from network.models import User
from network.transitions import InvalidTransition


class Command(BaseCommand):
    help = (
        "Takes the second factor from somebody who has lost phone and recovery codes. A coordinator sets up a new one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email=User.objects.normalize_email(options["email"])).first()
        if person is None:
            raise CommandError(f"{options['email']} has no account.")
        try:
            second_factor.remove(person, by=None)
        except InvalidTransition:
            self.stdout.write(f"{person.email} had no second factor.")
        else:
            self.stdout.write(f"{person.email} had a second factor and has none now.")
