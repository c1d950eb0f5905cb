"""A hundred people confirm and a hundred edit one listing at once: the history is one story without a gap."""

import random
import threading

import pytest
from django.db import connection

from network.actors import written
from services import editing
from services.confirming import ChangedMeanwhile, confirm
from services.exchange.describing import describe, fetched
from services.exchange.keys import Keys
from services.exchange.shapes import SERVICE
from services.merging import Conflict
from services.models import Audience, Confirmation, Service
from services.models.history import ServiceEvent
from services.versions import versions_of
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 100
AT_ONCE = 8  # as many connections as a server of ours has


def test_a_hundred_confirmations_and_a_hundred_edits_end_in_one_consistent_history(association, coordinator):
    with written():
        service = factories.make_service("Ryhmä", organisation=association)
    done: dict[str, list] = {"confirmed": [], "edited": [], "changed": [], "conflicts": []}
    numbers = iter(random.sample(range(2 * PEOPLE), 2 * PEOPLE))
    audiences = list(Audience.objects.values_list("code", flat=True))

    def one_after_the_other() -> None:
        try:
            while (number := next(numbers, None)) is not None:
                act(number)
        finally:
            connection.close()

    def act(number: int) -> None:
        """An odd one edits, unless another was faster: then she is told. An even one confirms."""
        try:
            with written(by=coordinator):
                thing = Service.objects.get(pk=service.pk)
                if not number % 2:
                    done["confirmed"].append(confirm(thing, by=coordinator))
                    return
                base = editing.record_of(thing)
                record = {"waiting": f"Jono {number}", "audiences": random.sample(audiences, 2)}
                record["contacts"] = [contact(number)]
                editing.submit(thing, base | record, by=coordinator, base=base)
                done["edited"].append(f"Jono {number}")
        except ChangedMeanwhile:
            done["changed"].append(number)
        except Conflict:
            done["conflicts"].append(number)

    threads = [threading.Thread(target=one_after_the_other) for _thread in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(map(len, done.values())) == 2 * PEOPLE  # nobody met an error
    assert len(done["edited"]) + len(done["conflicts"]) == PEOPLE
    assert done["edited"]

    # Confirmed: as many rows as said so, and the listing tells of the last one.
    made = [one for one in done["confirmed"] if one]
    assert sorted(one.pk for one in made) == sorted(Confirmation.objects.values_list("pk", flat=True))
    service.refresh_from_db()
    last = Confirmation.objects.order_by("pk").last()
    assert last is None or service.confirmed_at == last.at

    # Edited: no edit was lost, and what there is now is the last of them.
    waiting = list(ServiceEvent.objects.filter(pgh_obj=service.pk).order_by("pgh_id").values_list("waiting", flat=True))
    told = list(dict.fromkeys(filter(None, waiting)))
    assert sorted(told) == sorted(done["edited"])
    assert service.waiting == told[-1]

    # One story: each version is whole, differs from the one before, and the newest is what the catalogue says.
    versions = versions_of(service)
    assert len(versions) == 1 + len(done["edited"]) + len(made)
    assert versions[0].record == describe(SERVICE, fetched(Service.objects.filter(pk=service.pk)), Keys())[service.pk]
    for version in versions[:-1]:
        if version.record["waiting"]:
            number = int(version.record["waiting"].split()[1])
            assert [one["value"] for one in version.record["contacts"]] == [f"040 {number}"]
            assert len(version.record["audiences"]) == 2
    at = [version.own["confirmed_at"] for version in reversed(versions) if version.own["confirmed_at"]]
    assert at == sorted(at)


def contact(number: int) -> dict:
    empty = dict.fromkeys(["name", "name_sv", "name_en", "hours", "cost"], "")
    return {"kind": "phone", "value": f"040 {number}", "members_only": False} | empty
