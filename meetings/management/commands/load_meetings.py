from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ... import archive


class Command(BaseCommand):
    help = "Adds meetings of the past from a file such as that in meetings/data; those that are there are left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            added = archive.load(options["file"])
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"{options['file']} could not be read: {error}") from error
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        if options["verbosity"]:
            self.stdout.write(f"Added {added} meetings.")
