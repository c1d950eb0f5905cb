"""Writes the whole catalogue as an exchange file, the same bytes for the same content."""

import json
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from network import reference as network_reference
from network.models import Network, Organisation
from services import reference as services_reference
from services.models import Service

from .describing import describe, essential, fetched
from .keys import Keys
from .service_form import file_of_service
from .shapes import (
    COUNTY,
    MUNICIPALITY,
    NETWORK,
    ORGANISATION,
    READY_SEARCH,
    SERVICE,
    STATEMENT,
    TERMS,
    URGENT_LINE,
    Row,
    Shape,
)  # fmt: skip


def dump_text(*, public: bool = False) -> str:
    return json.dumps(dump(public=public), ensure_ascii=False, indent=2) + "\n"


def dump(*, public: bool = False) -> dict[str, Any]:
    """The file as a dictionary. `public` leaves out all that a visitor of the portal does not see."""
    in_one_picture = not connection.in_atomic_block
    with transaction.atomic():
        if in_one_picture:  # somebody may be editing meanwhile
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return _dump(Keys(), public)


def _dump(keys: Keys, public: bool) -> dict[str, Any]:
    starts = starting_rows()
    terms = {name: _changed_rows(shape, starts[shape.model], keys) for name, shape in TERMS.items()}
    whole = {
        section: [essential(shape, row) for row in _all(shape, keys, "position", "pk")]
        for section, shape in (("urgent_lines", URGENT_LINE), ("ready_searches", READY_SEARCH))
    }
    statements = [essential(STATEMENT, row) for row in _all(STATEMENT, keys, "page")]
    data: dict[str, Any] = {
        "network": _network(keys, starts[Network], public),
        "counties": _changed_rows(COUNTY, starts[COUNTY.model], keys),
        "municipalities": _changed_rows(MUNICIPALITY, starts[MUNICIPALITY.model], keys),
        "terms": {name: rows for name, rows in terms.items() if rows},
        **whole,
        "statements": [row for row in statements if len(row) > 1],
        "organisations": _organisations(keys, public),
        "services": _services(keys, public),
    }
    always = {"urgent_lines", "ready_searches", "organisations", "services"}
    return {section: value for section, value in data.items() if value or section in always}


def _all(shape: Shape, keys: Keys, *order: str) -> list[Row]:
    return list(describe(shape, fetched(shape.model._default_manager.order_by(*order)), keys).values())


def starting_rows() -> dict[type[Model], dict[str, Row]]:
    """What every portal starts with, by model and code, as the file says it."""
    network = network_reference.read(network_reference.DATA / "reference.json")
    services = services_reference.read(services_reference.DATA / "terms.json")
    rows: dict[Shape, list[Row]] = {
        COUNTY: network["wellbeing_counties"],
        MUNICIPALITY: network["municipalities"],
        TERMS["unit_types"]: network_reference.numbered(network["unit_types"]),
        TERMS["member_roles"]: network_reference.numbered(network["member_roles"]),
        NETWORK: network["network"],
    }
    rows |= {
        shape: network_reference.numbered(services[shape.model.__name__])
        for shape in TERMS.values()
        if shape.model.__name__ in services
    }
    starts: dict[type[Model], dict[str, Row]] = {shape.model: {} for shape in TERMS.values()}
    for shape, found in rows.items():
        starts[shape.model] = {row.get("code", ""): shape.defaults | row for row in found}
    return starts


def _changed_rows(shape: Shape, starts: dict[str, Row], keys: Keys) -> list[Row]:
    rows = _all(shape, keys, "code")
    return [essential(shape, row, starts.get(row["code"])) for row in rows if row != starts.get(row["code"])]


def _network(keys: Keys, starts: dict[str, Row], public: bool) -> Row:
    row = describe(NETWORK, [Network.current()], keys)[1]
    if public:
        row |= {"coordinator_name": "", "coordinator_email": "", "coordinator_phone": ""}
    return essential(NETWORK, row, starts[""])


def _organisations(keys: Keys, public: bool) -> list[Row]:
    rows = {row["slug"]: row for row in describe(ORGANISATION, fetched(Organisation.objects.order_by()), keys).values()}
    if public:
        for row in rows.values():
            row["contacts"] = _public(row["contacts"])
    return [
        essential(ORGANISATION, rows[slug])
        for slug in parents_first({slug: row["parent"] for slug, row in rows.items()})
    ]


def parents_first(parents: dict[str, str | None]) -> list[str]:
    """Slugs in alphabetical order, each followed by its units. `parents` gives every slug's parent."""
    below: dict[str | None, list[str]] = {}
    for slug in sorted(parents, reverse=True):
        below.setdefault(parents[slug], []).append(slug)
    ordered: list[str] = []
    waiting = below.get(None, [])
    while waiting:
        slug = waiting.pop()
        ordered.append(slug)
        waiting.extend(below.get(slug, []))
    return ordered + sorted(parents.keys() - set(ordered))  # a circle is a fault to be seen, not a reason to leave out


def _services(keys: Keys, public: bool) -> list[dict[str, Any]]:
    services = Service.objects.published() if public else Service.objects.all()
    rows = sorted(describe(SERVICE, fetched(services.order_by()), keys).values(), key=lambda row: row["slug"])
    shown = {row["slug"] for row in rows}
    for row in rows:
        row["next_steps"] = [slug for slug in row["next_steps"] if slug in shown and slug != row["slug"]]
        if public:
            row["consult"] = ""
            row["contacts"] = _public(row["contacts"])
            row["places"] = [
                place | {"contacts": _public(place["contacts"])} for place in row["places"] if not place["confidential"]
            ]
    return [file_of_service(row) for row in rows]


def _public(contacts: list[Row]) -> list[Row]:
    return [contact for contact in contacts if not contact["members_only"]]
