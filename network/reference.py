"""Facts every portal starts with: counties, municipalities, unit types, urgent lines. Kept in `network/data/`."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.apps import apps as installed_apps
from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.utils import timezone

DATA = Path(__file__).parent / "data"


def read(path: Path) -> dict[str, list[dict[str, Any]]]:
    return json.loads(path.read_text(encoding="utf-8"))


def add_missing(model: type[models.Model], rows: Iterable[dict[str, Any]], *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Add the rows whose unique key is not there yet; never change one that is."""
    model._default_manager.using(using).bulk_create([model(**row) for row in rows], ignore_conflicts=True)


def add_to_empty(model: type[models.Model], rows: Iterable[dict[str, Any]], *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Add the rows when there are none at all: what a coordinator has removed does not come back."""
    if not model._default_manager.using(using).exists():
        add_missing(model, rows, using=using)


def load(using: str = DEFAULT_DB_ALIAS) -> None:
    from . import retention
    from .models import GroundRules, MemberRole, Municipality, Network, UnitType, UrgentLine, WellbeingCounty

    facts = read(DATA / "reference.json")
    with transaction.atomic(using=using):
        add_missing(WellbeingCounty, facts["wellbeing_counties"], using=using)
        add_missing(Municipality, municipality_rows(facts["municipalities"]), using=using)
        add_missing(UnitType, numbered(facts["unit_types"]), using=using)
        add_missing(MemberRole, numbered(facts["member_roles"]), using=using)
        add_to_empty(
            GroundRules, [{"published_at": timezone.now(), **row} for row in facts["ground_rules"]], using=using
        )
        add_to_empty(UrgentLine, numbered(facts["urgent_lines"]), using=using)
        add_missing(Network, [{"pk": 1, **facts["network"][0]}], using=using)
        retention.add_missing_periods(using=using)


def municipality_rows(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"county_id" if key == "county" else key: value for key, value in row.items()} for row in rows]


def numbered(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows in the order of the file."""
    return [{"position": position, **row} for position, row in enumerate(rows)]


def load_after_migrate(using: str = DEFAULT_DB_ALIAS, apps: Any = installed_apps, **_kwargs: Any) -> None:
    try:
        apps.get_model("network", "Network")
    except LookupError:  # after `migrate network zero`
        return
    load(using)
