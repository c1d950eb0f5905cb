from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from services.exchange.loading import load_catalogue
from services.exchange.planning import Outcome
from services.exchange.problems import CatalogueError


class Command(BaseCommand):
    help = "Load organisations and services from an exchange file (docs/catalogue-format.md): all of it or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="what to load; - is standard input")
        parser.add_argument("--dry-run", action="store_true", help="tell what would change, and change nothing")
        parser.add_argument("--draft", action="store_true", help="leave new services unpublished")

    def handle(self, *args: Any, **options: Any) -> None:
        dry_run: bool = options["dry_run"]
        try:
            outcomes = load_catalogue(options["file"], draft=options["draft"], dry_run=dry_run)
        except CatalogueError as error:
            count = error.problems.count
            raise CommandError(f"{error}\n{count} problem{'' if count == 1 else 's'}; nothing was changed.") from error
        for section, outcome in outcomes.items():
            self._tell(section, outcome, slugs=dry_run or options["verbosity"] > 1)
        if dry_run:
            self.stdout.write("This was a trial: nothing was changed.")

    def _tell(self, section: str, outcome: Outcome, *, slugs: bool) -> None:
        counts = f"{len(outcome.created)} created, {len(outcome.changed)} changed, {len(outcome.unchanged)} unchanged"
        removed = f", {len(outcome.removed)} removed" if outcome.removed else ""
        self.stdout.write(f"{section}: {counts}{removed}")
        if slugs:
            for word, names in (
                ("created", outcome.created),
                ("changed", outcome.changed),
                ("removed", outcome.removed),
            ):
                if names:
                    self.stdout.write(f"  {word}: {', '.join(names)}")
