"""How long things are kept: each part of the code gives its rules here, a table of settings gives the days.

    @retention.rule(code="messages", days=180, description=_("Sent messages"))
    def messages(before: datetime, dry_run: bool) -> int:
        return retention.delete(Message.objects.filter(sent_at__lt=before), dry_run)

An app's rules stand in its `retention.py`, which its AppConfig imports when it is ready. A rule deletes or anonymises
what is older than `before` and tells how much; with `dry_run` it only counts. The night's work carries all out.
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.utils import timezone
from django.utils.functional import Promise

Work = Callable[[dt.datetime, bool], int]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rule:
    code: str
    days: int  # what a new portal starts with; the table of settings decides
    description: str | Promise
    work: Work


RULES: dict[str, Rule] = {}


def rule(*, code: str, days: int, description: str | Promise) -> Callable[[Work], Work]:
    """Registering the same code twice is a mistake: ValueError."""

    def decorate(work: Work) -> Work:
        if code in RULES:
            raise ValueError(f"Retention rule {code} is registered twice.")
        RULES[code] = Rule(code, days, description, work)
        return work

    return decorate


def days_of() -> dict[str, int]:
    """Code of each rule → its days as the coordinator has set them."""
    from .models import RetentionPeriod

    settled = dict(RetentionPeriod.objects.values_list("code", "days"))
    return {code: settled.get(code, known.days) for code, known in RULES.items()}


def table() -> list[tuple[Rule, int]]:
    """Each rule with its days, for pages."""
    days = days_of()
    return [(known, days[code]) for code, known in RULES.items()]


def carry_out(*, dry_run: bool = False, now: dt.datetime | None = None) -> dict[str, int | None]:
    """Code of each rule → how much went, or with `dry_run` would go; None where the rule failed.

    Each rule has a transaction of its own: one that fails is logged and stops no other. The log has counts only.
    """
    now = now or timezone.now()
    counts: dict[str, int | None] = {}
    for code, days in days_of().items():
        try:
            with transaction.atomic():
                counts[code] = RULES[code].work(now - dt.timedelta(days=days), dry_run)
        except Exception as error:  # its words may repeat a row: the kind is enough
            counts[code] = None
            logger.error("Retention of %s failed: %s", code, type(error).__name__)
        else:
            if counts[code] and not dry_run:
                logger.info("Retention of %s: %s", code, counts[code])
    return counts


def delete(rows: "models.QuerySet[Any]", dry_run: bool) -> int:
    """How many rows of the queryset's own model go; what hangs on them is not counted."""
    if dry_run:
        return rows.count()
    return rows.order_by().delete()[1].get(rows.model._meta.label, 0)


def change(rows: "models.QuerySet[Any]", dry_run: bool, **values: Any) -> int:
    """How many rows lose what told of a person; they stay."""
    return rows.count() if dry_run else rows.order_by().update(**values)


def add_missing_periods(using: str = DEFAULT_DB_ALIAS) -> None:
    """A row of settings for each rule; what a coordinator has set is left alone."""
    from .models import RetentionPeriod
    from .reference import add_missing

    add_missing(RetentionPeriod, [{"code": code, "days": known.days} for code, known in RULES.items()], using=using)
