"""What the portal holds about a person: each part of the code tells its own kinds of data here.

    personal_data.add(
        personal_data.of_model("memberships", title=_("…"), model=Membership, fields=("organisation", "since"),
                               of=lambda person: Membership.objects.filter(person=person), erase=DELETE, …)
    )

An app's kinds stand in its `personal_data.py`, which its AppConfig imports when it is ready. *Omat tiedot*, the
download, erasing and the privacy notice are all made from this list. A test walks every model that points at a person
and fails when it is neither here nor among what is told to be no personal data.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

if TYPE_CHECKING:
    from .models import User

Rows = list[dict[str, Any]]
Text = str | Promise


@dataclass(frozen=True)
class Kind:
    """One kind of data about a person.

    `rows`: what is held, as plain dicts that JSON can carry. `labels`: key of a row → its name for people. `erase`:
    deletes it, or takes the person out of what must stay; called in the transaction of the whole erasing. `fate`: what
    that means, for people. `why`, `basis`: for the privacy notice. `rules`: codes of the retention rules that end it.
    `models`: labels of the models it tells of (`network.Membership`). `kept_from_desk`: the network's coordinators, who
    have no right to it, neither see that there is any nor give it on the person's behalf.
    """

    code: str
    title: Text
    rows: "Callable[[User], Rows]"
    erase: "Callable[[User], None]"
    fate: Text
    why: Text
    basis: Text
    labels: dict[str, Text]
    models: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    how_long: Text = ""  # where no rule tells
    kept_from_desk: bool = False
    shown: "Callable[[User], Rows] | None" = None  # rows in words, where `rows` has codes

    def in_words(self, person: "User") -> list[list[tuple[str, str]]]:
        """Each row as (name, words) in order; what is empty is left out."""
        rows = (self.shown or self.rows)(person)
        return [[(str(self.labels[key]), words(row[key])) for key in self.labels if words(row[key])] for row in rows]


KINDS: dict[str, Kind] = {}


def add(*kinds: Kind) -> None:
    """Registering the same code twice is a mistake: ValueError."""
    for kind in kinds:
        if kind.code in KINDS:
            raise ValueError(f"Personal data {kind.code} is registered twice.")
        KINDS[kind.code] = kind


def everything() -> list[Kind]:
    """The person's account first: it is the last to be erased."""
    account = KINDS[ACCOUNT]
    return [account, *(kind for kind in KINDS.values() if kind is not account)]


ACCOUNT = "account"


def for_desk() -> list[Kind]:
    """What a coordinator may see of another person and give on her behalf."""
    return [kind for kind in everything() if not kind.kept_from_desk]


def models_kept_from_desk() -> list[type[models.Model]]:
    return [apps.get_model(label) for kind in everything() if kind.kept_from_desk for label in kind.models]


# Rows of a model ------------------------------------------------------------------------------------------------------


def of_model(
    code: str,
    *,
    model: type[models.Model],
    fields: Sequence[str],
    of: "Callable[[User], models.QuerySet[Any]]",
    erase: "Callable[[models.QuerySet[Any]], Any]",
    also: Iterable[str] = (),
    names: Mapping[str, Text] | None = None,
    **told: Any,
) -> Kind:
    """The fields of the rows that `of(person)` finds. `also`: labels of further models that this tells of.

    `names`: for fields whose model has no good name for them.
    """
    columns = [model._meta.get_field(name) for name in fields]
    several = [name for name, column in zip(fields, columns, strict=True) if column.many_to_many]

    def found(person: "User") -> "models.QuerySet[Any]":
        single = [name for name, column in zip(fields, columns, strict=True) if column.many_to_one]
        rows = of(person).prefetch_related(*several)
        return rows.select_related(*single) if single else rows

    def rows(person: "User") -> Rows:
        return [{name: value_of(row, name) for name in fields} for row in found(person)]

    def shown(person: "User") -> Rows:
        return [{name: words_of(row, name) for name in fields} for row in found(person)]

    return Kind(
        code,
        rows=rows,
        shown=shown,
        erase=lambda person: erase(of(person)),
        labels={
            name: (names or {}).get(name, getattr(column, "verbose_name", name))
            for name, column in zip(fields, columns, strict=True)
        },
        models=(model._meta.label, *also),
        **told,
    )


def value_of(row: models.Model, name: str) -> Any:
    """A value that JSON can carry: what stands in the column, names of what it points at."""
    column = row._meta.get_field(name)
    if column.many_to_many:
        return [str(one) for one in getattr(row, name).all()]
    value = getattr(row, name)
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float | list | dict) else str(value)


def words_of(row: models.Model, name: str) -> str:
    """The same in words."""
    if row._meta.get_field(name).many_to_many:
        return words(value_of(row, name))
    display = getattr(row, f"get_{name}_display", None)
    return words(display() if display else getattr(row, name))


def words(value: Any) -> str:
    match value:
        case None | "":
            return ""
        case bool():
            return _("Yes") if value else _("No")
        case dt.datetime():
            local = timezone.localtime(value)
            return f"{local.day}.{local.month}.{local.year} {local:%H.%M}"
        case dt.date():
            return f"{value.day}.{value.month}.{value.year}"
        case list():
            return ", ".join(map(str, value))
    return str(value)


def delete(rows: "models.QuerySet[Any]") -> None:
    rows.delete()


def clear(**values: Any) -> "Callable[[models.QuerySet[Any]], Any]":
    """What must stay stays, with these values in the place of what told of the person."""
    return lambda rows: rows.order_by().update(**values)


def leave(rows: "models.QuerySet[Any]") -> None:
    """Nothing to do: the rows go with the account, or hold nothing but its number, which the database empties."""


# What can be asked ----------------------------------------------------------------------------------------------------


def held_about(person: "User", kinds: Iterable[Kind] | None = None) -> dict[str, Rows]:
    """All that is held, by the kinds' codes; for the download."""
    return {kind.code: kind.rows(person) for kind in (everything() if kinds is None else kinds)}


@transaction.atomic
def erase(person: "User") -> None:
    """Delete the account and all that tells of the person; what must stay stays without her.

    Rules on who may be erased, and the log of it, are the caller's: see `network.own_data.requests`.
    """
    from .models import User

    person = User.objects.select_for_update().get(pk=person.pk)
    for kind in reversed(everything()):
        kind.erase(person)


GONE = gettext_lazy("It is deleted.")
TAKEN_OUT = gettext_lazy("It stays without you: nothing tells any more that it was you.")

PUBLIC_INTEREST = gettext_lazy("Public interest")
AGREEMENT = gettext_lazy("Public interest, or the member’s agreement with the network")
LEGAL_DUTY = gettext_lazy("Legal duty of the controller")
LEGITIMATE_INTEREST = gettext_lazy("Legitimate interest")


@dataclass(frozen=True)
class Told:
    """A line of the privacy notice."""

    title: Text
    why: Text
    basis: Text
    kept: str


def notice() -> list[Told]:
    """The kinds with how long they are kept, by the settings of today; those told alike share a line."""
    from .retention import days_of

    days = days_of()
    alike: dict[tuple[str, str, str], list[str]] = {}
    for kind in everything():
        alike.setdefault((str(kind.why), str(kind.basis), kept(kind, days)), []).append(str(kind.title))
    return [Told("; ".join(titles), *told) for told, titles in alike.items()]


def kept(kind: Kind, days: dict[str, int]) -> str:
    if kind.how_long or not kind.rules:
        return str(kind.how_long)
    number = sum(days.get(code, 0) for code in kind.rules)
    return ngettext("%(number)d day", "%(number)d days", number) % {"number": number}
