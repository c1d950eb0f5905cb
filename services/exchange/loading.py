"""Loads a file: checks everything, then writes what differs, all or nothing."""

from pathlib import Path
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone

from network.actors import IMPORT, written
from network.models import Network
from services.changes import pictures, write_notices
from services.models import Service

from . import linking, vocabularies
from .checking import check_keys, check_row, check_rules, check_said
from .describing import describe
from .keys import Keys
from .kinds import wrong_type
from .planning import Change, Outcome, plan
from .problems import CatalogueError, Problems, Spot
from .reading import read_file
from .service_form import merged, said_of_service
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
from .writing import insert, write

SECTIONS = (
    "network", "counties", "municipalities", "terms", "urgent_lines", "ready_searches", "statements", "organisations", "services",
)  # fmt: skip
_CLOSING = {"archive_reason": "", "archive_note": "", "replaced_by": None}  # what only an archived listing tells
_STATE = {"published_at", "archived_at", *_CLOSING, "confirmed_at", "confirmed_organisation", "confirmed_title"}
_CONTENT = [key for key in SERVICE.keys if key not in _STATE]  # what a confirmation vouches for
_CONFIRMED = ("confirmed_at", "confirmed_organisation", "confirmed_title")
_LOCK = 0x70616968  # two loads at once wait for each other

Outcomes = dict[str, Outcome]


def load_catalogue(path: Path, *, draft: bool = False, dry_run: bool = False) -> Outcomes:
    """What became of each list of the file. Raises CatalogueError, and nothing has changed.

    `draft` leaves new services unpublished and the others in the state they are in; `dry_run` takes everything back.
    """
    return load(read_file(path), path.name, draft=draft, dry_run=dry_run)


def load(data: Any, file: str, *, draft: bool = False, dry_run: bool = False) -> Outcomes:
    """As load_catalogue, of a file that has been read."""
    problems = Problems(file)
    try:
        with written(how=IMPORT), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            outcomes = _load(data, problems, draft)
            transaction.set_rollback(dry_run)
    except (DataError, IntegrityError) as error:
        problems.add("", "", f"the database refuses the file: {str(error).strip()}")
        raise CatalogueError(problems) from error
    return outcomes


def _load(data: Any, problems: Problems, draft: bool) -> Outcomes:
    if not isinstance(data, dict):
        problems.add("", "", str(wrong_type(data, 'an object with "organisations" and "services"')))
        raise CatalogueError(problems)
    check_keys(data, Spot(problems, ""), SECTIONS)
    keys = Keys()
    terms = vocabularies.gather(data, keys)
    vocabularies.promise(data, terms, keys)

    plans: dict[str, tuple[Shape, list[Change]]] = {}
    for section, shape in (("counties", COUNTY), ("municipalities", MUNICIPALITY)):
        if section in data:
            plans[section] = shape, plan(section, data[section], shape, problems, keys)
    for name, planned in _plan_terms(data, terms, problems, keys).items():
        plans[name] = TERMS[name.removeprefix("terms.")], planned
    if "network" in data:
        plans["network"] = NETWORK, _plan_network(data["network"], problems, keys)
    if "statements" in data:
        plans["statements"] = STATEMENT, plan("statements", data["statements"], STATEMENT, problems, keys, key="page")
    if "organisations" in data:
        organisations = plan(
            "organisations", data["organisations"], ORGANISATION, problems, keys, key="slug", said=_said_of_organisation
        )
        linking.check_organisations(organisations)
        plans["organisations"] = ORGANISATION, organisations
    if "services" in data:
        services = _plan_services(data["services"], problems, keys, draft)
        linking.check_services(services)
        plans["services"] = SERVICE, services
    whole = {
        section: (shape, key, _check_whole(section, data[section], shape, key, problems, keys))
        for section, shape, key in (("urgent_lines", URGENT_LINE, "number"), ("ready_searches", READY_SEARCH, "code"))
        if section in data
    }
    if problems:
        raise CatalogueError(problems)

    outcomes: Outcomes = {}
    for section, (shape, changes) in plans.items():
        if shape is SERVICE:
            _write_services(changes, keys)
        else:
            write(shape, changes, keys, later=("parent", "merged_into") if shape is ORGANISATION else ())
        outcomes[section] = Outcome().note(changes)
    for section, (shape, key, rows) in whole.items():
        outcomes[section] = _write_whole(shape, key, rows, keys)
    return {section: outcomes[section] for section in sorted(outcomes, key=_place_in_file)}


def _place_in_file(section: str) -> int:
    return SECTIONS.index(section.split(".")[0])


def _plan_terms(data: dict[str, Any], terms: dict[str, Any], problems: Problems, keys: Keys) -> dict[str, list[Change]]:
    if not isinstance(data.get("terms", {}), dict):
        problems.add("terms", "", str(wrong_type(data["terms"], "an object of vocabularies")))
        return {}
    check_keys(terms, Spot(problems, "terms"), TERMS)
    planned: dict[str, list[Change]] = {}
    for name, shape in TERMS.items():
        if name not in terms:
            continue
        changes = planned[f"terms.{name}"] = plan(f"terms.{name}", terms[name], shape, problems, keys)
        if "position" in shape.keys:
            last = max(shape.model._default_manager.order_by().values_list("position", flat=True), default=-1)
            for change in changes:
                if change.is_new and "position" not in change.said:
                    last += 1
                    change.after["position"] = last
    return planned


def _plan_network(value: Any, problems: Problems, keys: Keys) -> list[Change]:
    spot = Spot(problems, "network")
    said = check_said(NETWORK, value, spot, keys, NETWORK.keys)
    if said is None:
        return []
    one, _made = Network.objects.select_for_update().get_or_create(pk=1, defaults={"name": Network.current().name})
    before = describe(NETWORK, [one], keys)[1]
    after = before | said
    check_rules(NETWORK, after, spot)
    return [Change("network", spot, said, after, before, one)]


def _said_of_organisation(value: Any, spot: Spot, keys: Keys) -> Row | None:
    """A competence that is told in place has become a term of its own; here only its code matters."""
    if isinstance(value, dict) and isinstance(value.get("competences"), list):
        codes = [item.get("code") if isinstance(item, dict) else item for item in value["competences"]]
        value = value | {"competences": codes}
    return check_said(ORGANISATION, value, spot, keys, ORGANISATION.keys)


def _plan_services(value: Any, problems: Problems, keys: Keys, draft: bool) -> list[Change]:
    now = timezone.now().isoformat().replace("+00:00", "Z")
    defaults = SERVICE.defaults | {"published_at": now}

    changes = plan(
        "services", value, SERVICE, problems, keys, key="slug", said=said_of_service, merged=merged, defaults=defaults
    )
    for change in changes:
        before, after = change.before, change.after
        if draft:
            after["published_at"] = before["published_at"] if before else None
        if after["archived_at"] is None:
            after |= _CLOSING
        is_confirmed = before is not None and before["confirmed_at"] is not None
        if is_confirmed and "confirmed_at" not in change.said and any(map(change.differs, _CONTENT)):
            after |= {"confirmed_at": None, "confirmed_organisation": None, "confirmed_title": ""}
    return changes


def _write_services(changes: list[Change], keys: Keys) -> None:
    """And tell what of it is news. Where nothing was published before, all is new and none of it is told."""
    is_news = Service.objects.published().exists()
    before = pictures(*(change.made.pk for change in changes if change.is_changed))
    linking.release_identifiers(changes)
    for change in changes:
        if change.before is not None and any(map(change.differs, _CONFIRMED)):
            change.made.confirmed_name = ""  # type: ignore[attr-defined]  # who said something else
    write(SERVICE, changes, keys, later=("replaced_by",))
    write_notices(before, added=tuple(change.made.pk for change in changes if change.is_new), new=is_news)


def _check_whole(label: str, value: Any, shape: Shape, key: str, problems: Problems, keys: Keys) -> list[Row]:
    """Lists that say all there is, in their order."""
    if not isinstance(value, list):
        problems.add(label, "", str(wrong_type(value, "a list of objects")))
        return []
    rows: list[Row] = []
    for number, item in enumerate(value):
        spot = Spot(problems, f"{label}[{number}]")
        row = check_row(shape, item, spot, keys)
        if row and any(other[key] == row[key] for other in rows):
            spot.wrong("is there twice", key)
        elif row:
            rows.append(row)
    return rows


def _write_whole(shape: Shape, key: str, rows: list[Row], keys: Keys) -> Outcome:
    objects = list(shape.model._default_manager.select_for_update(of=("self",)).order_by("position", "pk"))
    pictures = describe(shape, objects, keys)
    before = {pictures[one.pk][key]: pictures[one.pk] for one in objects}
    if list(before.values()) != rows:
        shape.model._default_manager.all().delete()
        write_new = [shape.model(position=position) for position in range(len(rows))]
        for one, row in zip(write_new, rows, strict=True):
            for column in shape.columns:
                setattr(one, column.attr, column.kind.kept(row[column.key], keys))
        insert(shape.model, write_new)
    outcome = Outcome(removed=[name for name in before if name not in {row[key] for row in rows}])
    for row in rows:
        which = (
            outcome.created
            if row[key] not in before
            else outcome.unchanged
            if before[row[key]] == row
            else outcome.changed
        )
        which.append(row[key])
    return outcome
