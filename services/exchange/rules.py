"""The promises of the database, told of a whole row before it is written so that every broken one can be named."""

from collections.abc import Callable, Iterator

from django.core.exceptions import ValidationError
from django.db.models import Model

from network.models import Network, Organisation
from network.models.organisation import RESERVED_SLUGS as ORGANISATION_RESERVED
from services.models import Contact, GroupSeason, OpeningException, Service, ServicePlace, Visit
from services.models.service import RESERVED_SLUGS as SERVICE_RESERVED

from .problems import shortened
from .shapes import Row

Told = Iterator[tuple[str, str]]  # field, reason


def _not_before(first: str, last: str) -> Callable[[Row], Told]:
    def rule(row: Row) -> Told:
        if row[first] is not None and row[last] is not None and row[last] < row[first]:
            yield last, f"{row[last]} is before {first} {row[first]}"

    return rule


def _needs(field: str, other: str) -> Callable[[Row], Told]:
    def rule(row: Row) -> Told:
        if row[field] and not row[other]:
            yield field, f"is told without {other}"

    return rule


def _organisation(row: Row) -> Told:
    if row["slug"] in ORGANISATION_RESERVED:
        yield "slug", f"{shortened(row['slug'])} is the address of another page"
    for field in ("parent", "merged_into"):
        if row[field] == row["slug"]:
            yield field, "is the organisation itself"


def _service(row: Row) -> Told:
    if row["slug"] in SERVICE_RESERVED:
        yield "slug", f"{shortened(row['slug'])} is the address of another page"
    if row["min_age"] is not None and row["max_age"] is not None and row["max_age"] < row["min_age"]:
        yield "max_age", f"{row['max_age']} is below min_age {row['min_age']}"
    if row["slug"] in row["next_steps"]:
        yield "next_steps", "has the service itself"
    if row["organisation"] is not None and row["organisation"] in row["producers"]:
        yield "organisations", f"{shortened(row['organisation'])} is there twice"
    if row["main_type"] is not None and row["main_type"] in row["further_types"]:
        yield "types", f"{shortened(row['main_type'])} is there twice"
    if row["published_at"] is None:
        return
    for key, field in (("organisation", "organisations"), ("main_type", "types")):
        if row[key] is None:
            yield field, "is empty; a published listing needs at least one"
    for key in ("name", "summary", "how_to_get"):
        if not row[key].strip():
            yield key, "is empty; a published listing needs it"


def _contact(row: Row) -> Told:
    try:
        Contact(kind=row["kind"], value=row["value"]).clean()
    except ValidationError:
        wanted = {"phone": "a telephone number with figures and spaces", "email": "an e-mail address"}
        yield (
            "value",
            f"{shortened(row['value'])} is not {wanted.get(row['kind'], 'a web address that starts with http:// or https://')}",
        )


def _place(row: Row) -> Told:
    if not (row["name"] or row["street_address"] or row["premises_of"] or row["municipality"]):
        yield "name", "is missing; a place needs a name, an address, premises_of or a municipality"


def _exception(row: Row) -> Told:
    if (row["opens"] is None) != (row["closes"] is None):
        yield "closes", "give both opens and closes, or neither when it is closed"


def _network(row: Row) -> Told:
    if not 0 < row["confirm_due_months"] <= row["confirm_late_months"] <= row["confirm_hide_months"]:
        yield "confirm_due_months", "the periods must grow: due, late, hide"
    if not row["name"]:
        yield "name", "is empty"


RULES: dict[type[Model], tuple[Callable[[Row], Told], ...]] = {
    Organisation: (_organisation, _not_before("active_from", "active_until")),
    Service: (_service, _needs("temporary_until", "temporary")),
    Contact: (_contact,),
    ServicePlace: (_place,),
    OpeningException: (_exception, _not_before("first_day", "last_day")),
    Visit: (_needs("ends", "starts"),),
    GroupSeason: (_not_before("first_day", "last_day"),),
    Network: (_network,),
}
