from typing import Any

from django.core.management.base import BaseCommand

from network.finnish_text import dictionary


class Command(BaseCommand):
    help = (
        "Makes the search's dictionaries when they are missing: once at set-up, and after a new version of simplemma."
    )

    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        made = dictionary.build()
        if made and options["verbosity"] > 0:
            self.stdout.write(f"Made the dictionaries ({', '.join(made)}) in {dictionary.path_of('fi').parent}")
