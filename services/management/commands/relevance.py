import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from network.models import Network

from ... import reference
from ...search import indexing, relevance

OWN = Path("tests/search/collection")


class Command(BaseCommand):
    help = "Tells how well the search answers a judged collection, in a database of its own that is emptied again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.BASE_DIR / OWN)
        parser.add_argument("--run", type=Path, help="write what was found, as a file of {question: [slug, …]}")
        parser.add_argument("--worst", type=int, default=0, help="show so many of the worst answered")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("build_words", verbosity=0)
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=True)
        with transaction.atomic():
            self.show(options["folder"], options)
            transaction.set_rollback(True)

    def show(self, folder: Path, options: dict[str, Any]) -> None:
        judged = relevance.read(folder)
        load(folder)
        run, stock = relevance.ask_all(judged), relevance.ask_stock(judged)
        self.stdout.write(f"{'':52}{'questions':>9} {'nDCG@10':>8} {'stock':>6} {'recall@10':>9}")
        for phenomenon, part in sorted(relevance.phenomena(judged).items()):
            ours, theirs = relevance.figures(part, run), relevance.figures(part, stock)
            if ours.questions:
                self.line(phenomenon, ours, theirs)
            else:
                self.stdout.write(f"{phenomenon[:50]:52}{ours.should_be_empty:9} empty: {ours.empty}")
        ours, theirs = relevance.figures(judged, run), relevance.figures(judged, stock)
        self.line("all", ours, theirs)
        self.stdout.write(f"Rightly empty: {ours.empty} of {ours.should_be_empty} (stock {theirs.empty})")
        if options["run"]:
            options["run"].write_text(json.dumps(run, indent=1))
        ranked = sorted(
            (relevance.ndcg(run[one["id"]], one["relevant"]), one["id"]) for one in judged if one["relevant"]
        )
        by_id = {one["id"]: one for one in judged}
        for score, number in ranked[: options["worst"]]:
            self.stdout.write(f"{score:.2f} {number} {by_id[number]['query']}")
            relevant = by_id[number]["relevant"]
            self.stdout.write("   " + "  ".join(f"{slug}:{relevant.get(slug, '-')}" for slug in run[number]))
            self.stdout.write(f"   missed: {[slug for slug, grade in relevant.items() if slug not in run[number]][:8]}")

    def line(self, name: str, ours: relevance.Figures, theirs: relevance.Figures) -> None:
        self.stdout.write(f"{name[:50]:52}{ours.questions:9} {ours.ndcg:8.3f} {theirs.ndcg:6.3f} {ours.recall:9.3f}")


def load(folder: Path) -> None:
    """The collection as the whole catalogue, in a network whose region has its municipalities."""
    from ...models import Service, Synonym

    Service.objects.all().delete()
    Synonym.objects.all().delete()  # those of an earlier run of a database that was kept
    reference.load()
    network = Network.current()
    if network.county_id is None:
        Network.objects.filter(pk=network.pk).update(county_id="20")
    call_command("load_catalogue", str(folder / "catalogue.json"), verbosity=0)
    while indexing.take_up():
        pass
    indexing.count_words()
