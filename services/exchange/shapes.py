"""The shape of every record of the file: its keys in their order, and which model attribute each stands for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django.db import models

from network.models import (
    Competence,
    MemberRole,
    Municipality,
    Network,
    Organisation,
    OrganisationLink,
    Statement,
    UnitType,
    UrgentLine,
    WellbeingCounty,
)  # fmt: skip
from services.models import (
    Addiction,
    Aim,
    Audience,
    Channel,
    Component,
    Contact,
    GroupSeason,
    Language,
    OpeningException,
    OpeningHours,
    ReadySearch,
    Service,
    ServicePlace,
    ServiceText,
    ServiceType,
    Setting,
    Stage,
    Visit,
)  # fmt: skip

from .kinds import Kind, Listed, Words, kind_of

Row = dict[str, Any]  # a record as the file and the database are compared by: key → JSON value


@dataclass(frozen=True)
class Column:
    """One key that is one field of the model."""

    key: str
    attr: str
    kind: Kind
    required: bool

    @cached_property
    def default(self) -> Any:
        return self.kind.default

    @cached_property
    def attname(self) -> str:
        """The attribute that holds the value itself: of a foreign key the primary key, without fetching the row."""
        return self.kind.field.attname


@dataclass(frozen=True)
class Codes:
    """One key that is a many-to-many relation: a list of codes or slugs."""

    key: str
    attr: str
    model: type[models.Model]

    @cached_property
    def target(self) -> type[models.Model]:
        return self.model._meta.get_field(self.attr).related_model  # type: ignore[return-value]

    @cached_property
    def through(self) -> type[models.Model]:
        return getattr(self.model, self.attr).through

    @property
    def ends(self) -> tuple[str, str]:
        """The columns of the through table: this record's, the other's."""
        relation = self.model._meta.get_field(self.attr)
        return f"{relation.m2m_field_name()}_id", f"{relation.m2m_reverse_field_name()}_id"  # type: ignore[union-attr]


@dataclass(frozen=True)
class Rows:
    """One key that is a list of rows hanging on the record. `order` sorts them; without it their order is kept."""

    key: str
    shape: "Shape"
    parent: str
    order: Callable[[Row], Any] | None = None
    where: tuple[tuple[str, Any], ...] = ()
    shared: tuple[str, ...] = ()  # foreign keys that a row has in common with its parent

    @property
    def model(self) -> type[models.Model]:
        return self.shape.model


@dataclass(frozen=True)
class Shape:
    model: type[models.Model]
    columns: tuple[Column, ...]
    codes: tuple[Codes, ...]
    rows: tuple[Rows, ...]
    left_out: frozenset[str]  # fields of the model that are never in a file, beside those the database makes itself
    keys: tuple[str, ...]  # in the order they are written

    @cached_property
    def required(self) -> frozenset[str]:
        return frozenset(column.key for column in self.columns if column.required)

    @cached_property
    def defaults(self) -> Row:
        """The picture of a row of which nothing is said; make a new one of it, never change it."""
        row: Row = {column.key: column.default for column in self.columns}
        return row | {codes.key: [] for codes in self.codes} | {rows.key: [] for rows in self.rows}


def shape(
    model: type[models.Model],
    keys: str,
    *,
    required: str = "",
    named: dict[str, str] | None = None,
    kinds: dict[str, type[Kind]] | None = None,
    rows: Sequence[Rows] = (),
    left_out: str = "id",
) -> Shape:
    """`keys` in the order of the file; `named` gives the attribute of a key that has another name."""
    columns, codes = [], []
    below = {one.key for one in rows}
    for key in keys.split():
        if key in below:
            continue
        attr = (named or {}).get(key, key)
        model_field = cast(models.Field, model._meta.get_field(attr))
        if model_field.many_to_many:
            codes.append(Codes(key, attr, model))
        else:
            kind = kinds[key](model_field) if kinds and key in kinds else kind_of(model_field)
            columns.append(Column(key, attr, kind, key in required.split()))
    return Shape(model, tuple(columns), tuple(codes), tuple(rows), frozenset(left_out.split()), tuple(keys.split()))


def _none_last(*values: Any) -> tuple[Any, ...]:
    return tuple((value is None, value or 0) if not isinstance(value, str) else (False, value) for value in values)


NAMES = "name name_sv name_en"

COUNTY = shape(WellbeingCounty, f"code {NAMES}", required="code name", left_out="")
MUNICIPALITY = shape(Municipality, f"code {NAMES} name_in county", required="code name county", left_out="")
NETWORK = shape(
    Network,
    f"{NAMES} slogan slogan_sv slogan_en intro intro_sv intro_en county region_name region_name_sv region_name_en "
    "region_name_in region_name_in_sv region_name_in_en region_name_whole region_name_whole_sv region_name_whole_en "
    "coordinator_name coordinator_email coordinator_phone funder_line funder_line_sv funder_line_en leave_url "
    "controller_name controller_contact data_protection_contact data_recipients data_recipients_sv data_recipients_en "
    "supervisor_name supervisor_url accessibility_assessed_on "
    "confirm_due_months confirm_late_months confirm_hide_months answer_days remind_days domain_sign_in",
    left_out="id coordinator",
)
URGENT_LINE = shape(UrgentLine, f"number {NAMES} emphasised", required="number name", left_out="id position")
READY_SEARCH = shape(
    ReadySearch,
    f"code {NAMES} hint hint_sv hint_en query shown in_use",
    required="code name query",
    left_out="id position",
)
STATEMENT = shape(Statement, "page body body_sv body_en", required="page", left_out="id updated_at")


def _term(model: type[models.Model], more: str = "") -> Shape:
    return shape(model, f"code {NAMES} ptv_code {more} position in_use", required="code name")


TERMS: dict[str, Shape] = {
    "service_types": _term(ServiceType, "is_common"),
    "audiences": _term(Audience, "is_common"),
    "addictions": _term(Addiction),
    "stages": _term(Stage),
    "settings": _term(Setting),
    "aims": _term(Aim),
    "contents": _term(Component),
    "channels": _term(Channel),
    "languages": _term(Language),
    "unit_types": shape(UnitType, f"code {NAMES} position", required="code name"),
    "member_roles": shape(MemberRole, f"code {NAMES} position in_use", required="code name", left_out="id"),
    "competences": shape(Competence, f"code {NAMES}", required="code name", left_out="id"),
}

LINK = shape(OrganisationLink, "title url", required="title url", left_out="id organisation position")
CONTACT = shape(
    Contact, f"kind value {NAMES} hours cost members_only", required="kind value",
    left_out="id service place organisation position",
)  # fmt: skip
HOURS = shape(OpeningHours, "weekday opens closes", required="weekday opens closes", left_out="id service place")
EXCEPTION = shape(
    OpeningException, "first_day last_day opens closes note", required="first_day last_day", left_out="id service place"
)
VISIT = shape(Visit, "date starts ends venue municipality staff note", required="date venue", left_out="id service")
SEASON = shape(
    GroupSeason,
    "first_day last_day weekday starts ends sign_up note",
    required="first_day last_day",
    left_out="id service",
)
TEXT = shape(ServiceText, "language name summary description how_to_get", required="language", left_out="id service")


def _hours(parent: str, **more: Any) -> Rows:
    return Rows("opening_hours", HOURS, parent, order=lambda row: (row["weekday"], row["opens"]), **more)


def _exceptions(parent: str, **more: Any) -> Rows:
    return Rows(
        "opening_exceptions", EXCEPTION, parent, order=lambda row: _none_last(row["first_day"], row["opens"]), **more
    )


PLACE = shape(
    ServicePlace,
    "name premises_of street_address postcode post_office municipality accessibility how_to_come confidential contacts "
    "opening_hours opening_exceptions",
    rows=[
        Rows("contacts", CONTACT, "place"),
        _hours("place", shared=("service_id",)),
        _exceptions("place", shared=("service_id",)),
    ],
    left_out="id service position",
)
ORGANISATION = shape(
    Organisation,
    f"slug {NAMES} kind parent unit_type reach municipality municipalities_served meets competences website description "
    "description_sv description_en what_we_do what_we_do_not how_to_refer ask_us active_from active_until merged_into "
    "links contacts sources",
    required="slug name kind",
    kinds={"sources": Listed},
    rows=[Rows("links", LINK, "organisation"), Rows("contacts", CONTACT, "organisation")],
    # Who is trusted and what was confirmed belong to the portal it happened in.
    left_out="id created_at updated_at is_trusted confirmed_at confirmed_organisation confirmed_title confirmed_name",
)
# The keys of a service as they are compared. The file says some of them together: see service_form.py.
SERVICE = shape(
    Service,
    "slug name organisation producers summary description how_to_get main_type further_types audiences addictions stages "
    "settings aims contents municipalities outside_region channels no_referral no_appointment anonymous free "
    "intoxicated_ok no_diagnosis_excluded languages min_age max_age cost keywords who_cannot_come first_visit contacts "
    "places opening_hours opening_exceptions hours_note visits seasons capacity waiting capacity_on "
    "referral_for_professionals tell_the_client consult temporary temporary_until next_steps texts ptv_id lahella_url "
    "sources published_at archived_at archive_reason archive_note replaced_by confirmed_at confirmed_organisation confirmed_title",
    required="slug name",
    named={"contents": "components"},
    kinds={"sources": Listed, "keywords": Words},
    rows=[
        Rows("contacts", CONTACT, "service"),
        Rows("places", PLACE, "service"),
        _hours("service", where=(("place", None),)),
        _exceptions("service", where=(("place", None),)),
        Rows("visits", VISIT, "service", order=lambda row: _none_last(row["date"], row["starts"])),
        Rows("seasons", SEASON, "service", order=lambda row: row["first_day"]),
        Rows("texts", TEXT, "service", order=lambda row: row["language"]),
    ],
    # Of this portal alone, and a person's name.
    left_out="id created_at updated_at kept_in_search confirmed_name",
)
