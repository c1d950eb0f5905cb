"""The numbers beside the filters: each tells what the list would show, whatever else is chosen."""

import datetime as dt
import random
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network.models import Municipality, Network
from network.models.organisation import Organisation, Sector
from network.public_pages import KEEPER
from services import counts
from services.models import Addiction, Audience, Channel, Language, Service, ServiceType, Stage
from tests import factories

pytestmark = pytest.mark.django_db

LIST = "/palvelut/"
KAJAANI, KUHMO = "205", "290"
MANY = {
    "type": ("further_types", ServiceType),
    "audience": ("audiences", Audience),
    "addiction": ("addictions", Addiction),
    "channel": ("channels", Channel),
    "stage": ("stages", Stage),
    "language": ("languages", Language),
}
ACCESS = {"free": "free", "no-referral": "no_referral", "no-appointment": "no_appointment", "anonymous": "anonymous"}
LONG_AGO = timezone.now() - dt.timedelta(days=4000)


@pytest.fixture
def everywhere(region):
    """A catalogue by chance, the same each time: with drafts, archived listings and some confirmed very long ago."""
    pick = random.Random(11)
    kinds = [Organisation.Kind.PARISH, Organisation.Kind.ASSOCIATION, Organisation.Kind.COMPANY]
    bodies = [factories.make_organisation(kind=kind) for kind in kinds]
    places, types = [KAJAANI, KUHMO], list(ServiceType.objects.all()[:4])
    for place in range(30):
        service = factories.make_service(
            f"Ryhmä {place}" if place % 2 else f"Neuvonta {place}",
            organisation=pick.choice(bodies),
            main_type=pick.choice(types),
            published=place % 7 != 0,
            archived_at=timezone.now() if place % 11 == 5 else None,
            confirmed_at=LONG_AGO if place % 6 == 1 else None,
            municipalities=tuple(pick.sample(places, pick.randint(0, 2))),
            min_age=pick.choice([None, 18, 65]),
            **{field: pick.choice([True, False, None]) for field in ACCESS.values()},
        )
        for relation, model in MANY.values():
            getattr(service, relation).set(pick.sample(list(model.objects.all()[:4]), pick.randint(0, 2)))
        service.producers.set(pick.sample(bodies, pick.randint(0, 1)))


class Plain:
    """One listing as plain sets, judged by rules written out once more."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.values = {
            name: {term.code for term in getattr(service, relation).all()} for name, (relation, _m) in MANY.items()
        }
        self.values["type"].add(service.main_type.code)
        self.values["sector"] = {str(body.sector) for body in service.organisers()}
        self.values["municipality"] = {place.code for place in service.municipalities.all()}
        self.is_old = service.confirmed_at is not None

    def passes(self, name: str, chosen: list[str], *, unknown: bool = False) -> bool:
        if name == "access":
            facts = [
                f for code in chosen for f in (["no-referral", "no-appointment"] if code == "low-threshold" else [code])
            ]
            known = [getattr(self.service, ACCESS[fact]) for fact in facts]
            return all(value is True or (unknown and value is None) for value in known)
        if name == "municipality":
            return not self.values[name] or bool(self.values[name] & set(chosen))
        if name == "age":
            return self.service.min_age is None or self.service.min_age <= int(chosen[0])
        if name == "q":
            return "Ryhmä" in self.service.name
        return bool(self.values[name] & set(chosen))


def number(listings: list[Plain], chosen: dict[str, list[str]], *, unknown: bool = False, old: bool = False) -> int:
    return sum(
        all(one.passes(name, codes, unknown=unknown) for name, codes in chosen.items())
        for one in listings
        if old or not one.is_old
    )


ASKED = [
    {},
    {"type": ["advice"], "audience": ["youth", "adults"]},
    {"municipality": [KUHMO], "access": ["free"]},
    {"access": ["free", "low-threshold"], "unknown": ["1"], "sector": ["ngo"]},
    {"age": ["20"], "stage": ["treatment"], "old": ["1"]},
    {"language": ["fi", "sv"], "channel": ["phone"], "municipality": [KAJAANI], "type": ["peer-group"]},
]


def test_every_number_is_what_going_through_all_listings_gives(everywhere, client):
    listings = [Plain(service) for service in Service.objects.published()]
    for asked in ASKED:
        compare(client, asked, partial(number, listings))


def compare(client, asked, expected) -> None:
    catalogue = client.get(LIST, asked).context["catalogue"]
    unknown, old = "unknown" in asked, "old" in asked
    chosen = {name: codes for name, codes in asked.items() if name not in ("unknown", "old")}
    assert catalogue.counts.total == catalogue.qs.count() == expected(chosen, unknown=unknown, old=old)
    assert catalogue.counts.old == (0 if old else expected(chosen, unknown=unknown, old=True) - catalogue.counts.total)
    more = expected(chosen, unknown=True, old=old) - catalogue.counts.total if "access" in chosen else 0
    assert catalogue.counts.unknown == more
    values = {name: [term.code for term in model.objects.all()] for name, (_r, model) in MANY.items()}
    values |= {"sector": list(Sector.values), "municipality": [KAJAANI, KUHMO]}
    for name, codes in values.items():
        for code in codes:
            wanted = expected({**chosen, name: [code]}, unknown=unknown, old=old)
            assert catalogue.count_of(name, code) == wanted, (name, code)
    for code in [*ACCESS, "low-threshold"]:
        wanted = expected({**chosen, "access": [*chosen.get("access", []), code]}, unknown=unknown, old=old)
        assert catalogue.count_of("access", code) == wanted, code


def test_all_numbers_together_are_one_query(everywhere, client):
    for asked in ({}, {"type": ["advice"], "audience": ["youth"], "access": ["free"], "municipality": [KUHMO]}):
        client.get(LIST, asked)
        KEEPER.forget()
        counts.KEPT.values.clear()
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST, asked)
        assert sum("unnest(codes)" in query["sql"] for query in captured) == 1


def test_a_value_without_services_is_muted_and_may_still_be_chosen(client, region, association):
    factories.make_service(organisation=association, audiences=["youth"])
    page = client.get(LIST).content.decode()
    assert 'class="form-check none"' in page
    assert "disabled" not in page
    assert client.get(LIST, {"audience": "older"}).status_code == 200


def test_what_was_counted_is_remembered_until_anything_changes(everywhere, client):
    def asked() -> tuple[int, int]:
        KEEPER.forget()
        with CaptureQueriesContext(connection) as captured:
            total = client.get(LIST).context["catalogue"].counts.total
        return total, sum("unnest(codes)" in query["sql"] for query in captured)

    before, _counted = asked()
    assert asked() == (before, 0)
    factories.make_service()
    assert asked() == (before + 1, 1)
    Network.objects.update(confirm_hide_months=100_000 // 31)
    assert asked()[0] > before + 1


def test_the_vocabularies_are_remembered_until_one_changes(client, region):
    label = Audience.objects.get(code="youth").local_name
    assert label in client.get(LIST).content.decode()
    with CaptureQueriesContext(connection) as captured:
        client.get(LIST)
    assert not any("services_audience" in query["sql"] for query in captured)
    Audience.objects.filter(code="youth").update(name="Ihan nuoret")
    assert "Ihan nuoret" in client.get(LIST).content.decode()
    assert "Ihan nuoret" not in client.get(f"/sv{LIST}").content.decode()


def test_a_place_tells_its_number_too_and_its_chip_does_not(everywhere, client):
    answer = client.get(LIST, {"municipality": KUHMO})
    count = answer.context["catalogue"].count_of("municipality", KUHMO)
    assert count > 0
    assert f">Kuhmo ({count})</option>" in answer.content.decode()
    assert "Kuhmo" in [str(chip.label) for chip in answer.context["catalogue"].chips()]


def test_municipalities_are_offered(client, region):
    assert Municipality.objects.in_region().count() + 1 == len(
        client.get(LIST).context["catalogue"].form.fields["municipality"].choices
    )
