from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from network import retention


class Command(BaseCommand):
    help = "Deletes or anonymises what has been kept for its time, as every night; with --dry-run only tells how much."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change nothing, tell what would go")

    def handle(self, *args: Any, **options: Any) -> None:
        days = retention.days_of()
        counts = retention.carry_out(dry_run=options["dry_run"])
        for code, count in counts.items():
            told = "failed, see the log" if count is None else count
            self.stdout.write(f"{code} ({days[code]} days): {told}")
        if None in counts.values():
            raise CommandError("Not all rules could be carried out.")
