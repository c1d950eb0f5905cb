"""The catalogue's rules on how long things are kept; see `network.retention`.

What comes in about listings (reports) is anonymised by the ground floor's rule `incoming`, which knows every kind of it.
"""

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.retention import change, delete, rule
from network.tracking import delete_events

from .models import (
    Confirmation,
    ConfirmationRequest,
    HolidayAnswer,
    HolidayInvitation,
    HolidayRound,
    ProposedEdit,
    SearchCount,
)


@rule(code="confirmations", days=1825, description=_("Who confirmed a listing; that it was confirmed stays"))
def confirmations(before: dt.datetime, dry_run: bool) -> int:
    old = Confirmation.objects.filter(at__lt=before).exclude(person=None, shown_name="")
    return change(old, dry_run, person=None, shown_name="")


@rule(code="confirmation-requests", days=90, description=_("Reminders to confirm, after their link has ended"))
def confirmation_requests(before: dt.datetime, dry_run: bool) -> int:
    over = Q(used_at__lt=before) | Q(revoked_at__lt=before) | Q(expires_at__lt=before)
    return delete(ConfirmationRequest.objects.filter(over), dry_run)


@rule(code="proposals", days=730, description=_("Who proposed a change to the catalogue and who decided on it"))
def proposals(before: dt.datetime, dry_run: bool) -> int:
    decided = ProposedEdit.objects.filter(decided_at__lt=before).exclude(author=None, decided_by=None, note="")
    return change(decided, dry_run, author=None, decided_by=None, note="")


@rule(code="holidays", days=730, description=_("Who was asked and who answered about a holiday; the answers stay"))
def holidays(before: dt.datetime, dry_run: bool) -> int:
    day = before.date()
    asked = delete(HolidayInvitation.objects.filter(round__last_day__lt=day), dry_run)
    answered = HolidayAnswer.objects.filter(round__last_day__lt=day, person__isnull=False)
    started = HolidayRound.objects.filter(last_day__lt=day, started_by__isnull=False)
    return asked + change(answered, dry_run, person=None) + change(started, dry_run, started_by=None)


@rule(code="old-versions", days=1825, description=_("Old versions of listings and organisations"))
def old_versions(before: dt.datetime, dry_run: bool) -> int:
    return delete_events(before, dry_run)


@rule(code="searches", days=730, description=_("Words that people searched for, counted by day"))
def searches(before: dt.datetime, dry_run: bool) -> int:
    return delete(SearchCount.objects.filter(day__lt=before.date()), dry_run)


@rule(code="rare-searches", days=90, description=_("Searched words that were asked on one or two days only"))
def rare_searches(before: dt.datetime, dry_run: bool) -> int:
    often = SearchCount.objects.by_words().values("words")
    return delete(SearchCount.objects.filter(day__lt=before.date()).exclude(words__in=often), dry_run)
