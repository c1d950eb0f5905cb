"""Load data: invented services in any number, the same for the same seed, written by COPY.

Rows go around the triggers of history and of old addresses (a hundred thousand first versions would be kept of what
nobody wrote), foreign keys and constraints are checked as always. When the rows are there the catalogue has another
number and, where there is one, a new index.
"""

import datetime as dt
import gc
import random
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db import connection, models, transaction
from django.utils import timezone

from network.models import CatalogueChange, Membership, Municipality, Network, Organisation, User
from network.versions import join_changes
from services import models as catalogue
from services.models import Contact, OpeningHours, Service, ServicePlace, ServiceText, ServiceWords
from services.models.facets import refill

from . import load_words as words

TOLD = "Kuormakoetta varten keksitty (demo)"
RELATIONS = ("audiences", "addictions", "channels", "languages", "stages", "settings", "municipalities")
BATCH = 5000
AT_ONCE = 1000  # rows in one piece of COPY's text
ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def fill(services: int, organisations: int, users: int, *, seed: int = 1, day: dt.date | None = None) -> None:
    """Add that many of each, in one transaction. Two calls with one seed and day write the same."""
    with transaction.atomic():
        tables = [model._meta.db_table for model in written_models()]
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        with without_garbage():
            Load(seed, day or timezone.localdate()).write(services, organisations, users)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks to come cannot be altered
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        CatalogueChange.objects.create(mark=random.SystemRandom().getrandbits(53))
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {table}")
    look_up()
    join_changes(at_least=2)


def look_up() -> None:
    """What filters and suggestions look up, which the database works out, and the words that the search finds, which we do:
    both at once, but for rows that another connection does not see yet."""
    with ThreadPoolExecutor(1) as beside, without_garbage():
        if connection.in_atomic_block:
            refill()
            filled = None
        else:
            filled = beside.submit(refill_beside)
        with without_index():
            call_command("reindex", verbosity=0)
        if filled:
            filled.result()


def refill_beside() -> None:
    try:
        refill()
    finally:
        connection.close()


@contextmanager
def without_garbage() -> Iterator[None]:
    """Lists and dicts by the million and no circles among them: looking for those takes a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def without_index() -> Iterator[None]:
    """The index of words is made in one go afterwards, unless it has words that somebody searches meanwhile."""
    if ServiceWords.objects.exists():
        yield
        return
    with connection.schema_editor() as editor:
        for index in ServiceWords._meta.indexes:
            editor.remove_index(ServiceWords, index)
    try:
        yield
    finally:
        with connection.schema_editor() as editor:
            editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as above, where all of it is one transaction
            for index in ServiceWords._meta.indexes:
                editor.add_index(ServiceWords, index)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {ServiceWords._meta.db_table}")


def written_models() -> list[type[models.Model]]:
    relations = [getattr(Service, name).through for name in RELATIONS]
    return [Organisation, User, Membership, Service, ServicePlace, Contact, OpeningHours, ServiceText, *relations]


class Table:
    """Rows of a model, given as dicts, on their way into the database; what is not given has the field's default."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.fields = [
            field
            for field in model._meta.concrete_fields
            if not field.generated and (field.name != "id" or _numbers(model))
        ]
        self.places = {field.name: place for place, field in enumerate(self.fields)}
        self.defaults = [self._default(field) for field in self.fields]
        self.next = 1 + (model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0)
        self.rows: list[list[Any]] = []

    @staticmethod
    def _default(field: Any) -> Any:
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            return timezone.now()
        return field.get_default()

    def add(self, **values: Any) -> int:
        """The number of the new row. Foreign keys are given as numbers, under the name of the field."""
        number = self.next
        self.next += 1
        if _numbers(self.model):
            values["id"] = number
        row, places = self.defaults.copy(), self.places
        for name, value in values.items():
            row[places[name]] = value
        self.rows.append(row)
        return number

    def write(self) -> None:
        table, quote = self.model._meta.db_table, connection.ops.quote_name
        columns = ", ".join(quote(str(field.column)) for field in self.fields)
        with connection.cursor() as cursor, cursor.copy(f"COPY {quote(table)} ({columns}) FROM STDIN") as copy:
            for start in range(0, len(self.rows), AT_ONCE):
                rows = self.rows[start : start + AT_ONCE]
                copy.write("".join(["\t".join([cell(value) for value in row]) + "\n" for row in rows]))
        self.rows = []

    def finish(self) -> None:
        """The next row that anybody adds has the next number."""
        self.write()
        if _numbers(self.model):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
                    [self.model._meta.db_table, max(self.next - 1, 1)],
                )


def cell(value: Any) -> str:
    """A value in the text format of COPY."""
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list):
        if value:
            raise TypeError("Load data has no lists.")
        return "{}"
    return str(value).translate(ESCAPED)


def _numbers(model: type[models.Model]) -> bool:
    """Through-tables leave their numbers to the database: nothing points at them."""
    return not model._meta.auto_created


class Load:
    def __init__(self, seed: int, day: dt.date) -> None:
        self.pick = random.Random(seed)  # noqa: S311  nothing secret
        self.now = dt.datetime.combine(day, dt.time(12), tzinfo=timezone.get_current_timezone())
        self.mark = f"kuorma-{seed}"
        network = Network.current()
        if network.county_id is None:
            Network.objects.filter(pk=network.pk).update(county=Municipality.objects.get(code="205").county)
        self.places = list(Municipality.objects.in_region().order_by("code"))
        self.tables = {model: Table(model) for model in written_models()}
        self.terms = {
            name: dict(model._default_manager.values_list("code", "pk"))
            for name, model in {
                "type": catalogue.ServiceType, "audiences": catalogue.Audience, "addictions": catalogue.Addiction,
                "channels": catalogue.Channel, "languages": catalogue.Language, "stages": catalogue.Stage,
                "settings": catalogue.Setting,
            }.items()
        }  # fmt: skip

    def write(self, services: int, organisations: int, users: int) -> None:
        bodies = [self.organisation(number) for number in range(organisations)]
        self.tables[Organisation].write()
        for number in range(users):
            self.person(number, bodies)
        self.tables[User].write()
        for number in range(services):
            self.service(number, bodies or [None])
            if number % BATCH == BATCH - 1:
                self.flush()
        for table in self.tables.values():
            table.finish()

    def flush(self) -> None:
        for table in self.tables.values():
            table.write()

    def chance(self, percent: int) -> bool:
        return self.pick.random() * 100 < percent

    def organisation(self, number: int) -> int:
        pick, place = self.pick, self.pick.choice(self.places)
        kind, ending = pick.choice(words.BODIES)
        name = f"{genitive(place.name)} {pick.choice(words.BEFORE).lower()} {ending} {number + 1}"
        pk = self.tables[Organisation].add(
            slug=f"{self.mark}-toimija-{number + 1}", name=name, kind=kind, municipality=place.pk,
            website=f"https://toimija-{number + 1}.example.org/", what_we_do=pick.choice(words.SENTENCES), sources=TOLD,
        )  # fmt: skip
        self.contact(organisation=pk, kind="phone", value=self.telephone())
        return pk

    def person(self, number: int, bodies: list[int]) -> None:
        pick = self.pick
        pk = self.tables[User].add(
            email=f"{self.mark}-{number + 1}@example.org", password="!kuorma",  # noqa: S106  no password fits this
            name=f"{pick.choice(words.FIRST_NAMES)} {pick.choice(words.FAMILY_NAMES)} (demo)", date_joined=self.now,
        )  # fmt: skip
        if bodies:
            self.tables[Membership].add(
                person=pk, organisation=pick.choice(bodies), title=pick.choice(words.TITLES), is_editor=self.chance(20)
            )

    def service(self, number: int, bodies: list[Any]) -> None:
        pick, kind = self.pick, self.pick.choices(words.KINDS, [kind.weight for kind in words.KINDS])[0]
        place, noun = pick.choice(self.places), pick.choice(kind.nouns)
        name = f"{pick.choice(words.BEFORE)} {noun}, {place.name} {number + 1}"
        confirmed = self.now - dt.timedelta(days=pick.randint(1, 600)) if self.chance(70) else None
        pk = self.tables[Service].add(
            slug=f"{self.mark}-palvelu-{number + 1}", name=name, summary=f"{kind.sentence}. {place.name}.",
            description=words.description(pick, kind), how_to_get=pick.choice(words.WAYS_IN),
            keywords=", ".join(pick.sample(words.KEYWORDS, 2)), organisation=pick.choice(bodies),
            main_type=self.terms["type"][kind.code], sources=TOLD,
            min_age=18 if "youth" not in kind.audiences and self.chance(50) else None,
            **{fact: pick.choice((True, True, False, None)) for fact in ("no_referral", "no_appointment", "anonymous", "free")},
            published_at=self.now - dt.timedelta(days=pick.randint(1, 900)), confirmed_at=confirmed,
            confirmed_title=pick.choice(words.TITLES) if confirmed else "",
        )  # fmt: skip
        self.describe(pk, kind, place)
        spot = self.place(pk, place)
        self.contact(service=pk, kind="phone", value=self.telephone(), hours="ma–pe 9–15")
        if self.chance(60):
            self.contact(service=pk, kind="email", value=f"palvelu-{number + 1}@example.org", position=1)
        self.hours(pk, spot)
        if self.chance(15):
            self.tables[ServiceText].add(
                service=pk, language="sv", name=f"Stöd {number + 1}", summary="Stöd för dig som behöver det.",
                how_to_get="Ring eller skriv. Ingen remiss behövs.",
            )  # fmt: skip

    def describe(self, service: int, kind: words.Kind, place: Municipality) -> None:
        pick = self.pick
        channel = "online" if kind.code == "online-phone" else "in-person"
        codes = {
            "audiences": pick.sample(kind.audiences, pick.randint(1, len(kind.audiences))),
            "addictions": pick.sample(kind.addictions, pick.randint(1, len(kind.addictions))),
            "channels": [channel, "phone"] if self.chance(30) else [channel],
            "languages": ["fi", "sv"] if self.chance(15) else ["fi"],
            "stages": [kind.stage],
            "settings": [kind.setting],
        }
        for name, chosen in codes.items():
            self.relate(name, service, (self.terms[name][code] for code in chosen))
        if self.chance(85):  # the others are for the whole region
            near = pick.sample(self.places, min(len(self.places), pick.choice((1, 1, 1, 2, 3))))
            self.relate("municipalities", service, dict.fromkeys(one.pk for one in [place, *near[1:]]))

    def relate(self, name: str, service: int, others: Iterable[Any]) -> None:
        field: Any = Service._meta.get_field(name)
        table = self.tables[getattr(Service, name).through]
        for other in others:
            table.add(**{field.m2m_field_name(): service, field.m2m_reverse_field_name(): other})

    def place(self, service: int, municipality: Municipality) -> int:
        pick = self.pick
        return self.tables[ServicePlace].add(
            service=service, street_address=f"{pick.choice(words.STREETS)} {pick.randint(1, 60)}",
            postcode=f"{pick.randint(87000, 89999)}", post_office=municipality.name, municipality=municipality.pk,
            accessibility="Sisäänkäynti on esteetön." if self.chance(40) else "",
        )  # fmt: skip

    def hours(self, service: int, place: int) -> None:
        if not self.chance(80):
            return
        days = range(1, 6) if self.chance(40) else [self.pick.randint(1, 7)]
        opens = self.pick.choice((8, 9, 10, 12, 16, 17))
        for weekday in days:
            closes = dt.time(min(opens + self.pick.choice((2, 6, 7)), 23))
            self.tables[OpeningHours].add(
                service=service, place=place, weekday=weekday, opens=dt.time(opens), closes=closes
            )

    def contact(self, **values: Any) -> None:
        self.tables[Contact].add(**values)

    def telephone(self) -> str:
        """In no number that is in use: 040 0… is not given out."""
        return f"040 0{self.pick.randint(0, 99):02} {self.pick.randint(0, 9999):04}"


def genitive(place: str) -> str:
    return f"{place}n" if place[-1] in "aeiouyäö" else f"{place}in"
