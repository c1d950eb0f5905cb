import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from ...models import Service
from ...search import indexing


class Command(BaseCommand):
    help = "Makes the words of all services anew, in batches, while the portal is in use. A second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        began, done = time.monotonic(), 0
        with connection.cursor() as cursor:  # what is stale now is indexed here; what comes meanwhile stays stale
            cursor.execute("SELECT coalesce(max(id), 0) FROM services_staleservice")
            (newest,) = cursor.fetchone()
        pks = list(Service.objects.order_by("pk").values_list("pk", flat=True))
        names = indexing.Names()
        for start in range(0, len(pks), indexing.BATCH):
            batch = pks[start : start + indexing.BATCH]
            indexing.write(list(indexing.vectors(batch, names)))
            done += len(batch)
            if options["verbosity"] > 0 and (done % 10_000 < indexing.BATCH or done == len(pks)):
                self.stdout.write(f"{done} of {len(pks)} services, {time.monotonic() - began:.0f} s")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM services_staleservice WHERE id <= %s", [newest])
        indexing.count_words()
        if options["verbosity"] > 0:
            self.stdout.write(f"Done in {time.monotonic() - began:.0f} s.")
