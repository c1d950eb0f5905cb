import datetime as dt
from argparse import BooleanOptionalAction
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from ... import load_experts
from ...load_data import fill

THROW_AWAY = ("test_", "portal_demo", "portal_bench")  # how names of databases begin that hold nothing of anybody


class Command(BaseCommand):
    help = "Fills the database with invented services, organisations and people, for trying how it bears a load."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--services", type=int, default=1000)
        parser.add_argument("--organisations", type=int, default=100)
        parser.add_argument("--users", type=int, default=100)
        parser.add_argument("--experts", type=int, default=0, help="experts who are shown to everyone")
        parser.add_argument("--orders", type=int, default=0, help="orders of experts, all of one member")
        parser.add_argument("--seed", type=int, default=1, help="the same seed on the same day writes the same")
        parser.add_argument("--day", type=dt.date.fromisoformat, help="count dates back from this day; default: today")
        parser.add_argument(
            "--yes", action=BooleanOptionalAction, default=False, help="also into a database that is kept"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name = str(connection.settings_dict["NAME"])
        if not (options["yes"] or name.startswith(THROW_AWAY)):
            raise CommandError(
                f"{name} may hold what people wrote. Load data is not easily taken out again: say --yes."
            )
        numbers = {key: options[key] for key in ("services", "organisations", "users")}
        if min(numbers.values()) < 0 or (numbers["services"] and not numbers["organisations"]):
            raise CommandError("Numbers cannot be negative, and services need an organisation.")
        if any(numbers.values()):
            fill(**numbers, seed=options["seed"], day=options["day"])
        if options["experts"] or options["orders"]:
            load_experts.fill(options["experts"], options["orders"], seed=options["seed"], day=options["day"])
        if options["verbosity"] > 0:
            self.stdout.write(", ".join(f"{number} {key}" for key, number in numbers.items()) + " written.")
