"""The ground floor's own rules on how long things are kept; see `network.retention`."""

import datetime as dt
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network import history
from network.models import DataRequest, Invitation, JoinRequest, Message, OnceKey, StatusEvent
from network.retention import change, delete, rule

from . import unused
from .kinds.incoming import incoming_models


@rule(
    code="unused-accounts", days=730, description=_("An account nobody uses: then its holder is asked whether to stay")
)
def warn_unused(before: dt.datetime, dry_run: bool) -> int:
    return unused.warn(before, dry_run)


@rule(code="warned-accounts", days=30, description=_("After that question, when there is no answer"))
def erase_warned(before: dt.datetime, dry_run: bool) -> int:
    return unused.erase(before, dry_run)


@rule(code="messages", days=180, description=_("Sent messages: to whom, when and with what title"))
def messages(before: dt.datetime, dry_run: bool) -> int:
    over = Message.objects.filter(Q(sent_at__lt=before) | Q(failed_at__lt=before))
    return delete(over.exclude(pk__in=unused.proofs().values("pk")), dry_run)


@rule(code="invitations", days=90, description=_("Invitations that were accepted, revoked or left to expire"))
def invitations(before: dt.datetime, dry_run: bool) -> int:
    over = Q(accepted_at__lt=before) | Q(revoked_at__lt=before) | Q(expires_at__lt=before)
    return delete(Invitation.objects.filter(over), dry_run)


@rule(code="join-requests", days=365, description=_("Requests to join, after they were approved or declined"))
def join_requests(before: dt.datetime, dry_run: bool) -> int:
    return delete(JoinRequest.objects.filter(Q(approved_at__lt=before) | Q(declined_at__lt=before)), dry_run)


@rule(
    code="incoming",
    days=365,
    description=_("Sender’s name and address in messages and reports, after they were handled"),
)
def incoming(before: dt.datetime, dry_run: bool) -> int:
    return forget_senders(dry_run, handled_at__lt=before)


@rule(
    code="incoming-unanswered",
    days=730,
    description=_("Sender’s name and address in messages and reports that nobody has handled"),
)
def incoming_unanswered(before: dt.datetime, dry_run: bool) -> int:
    """However the work goes, nobody's address stays for ever: the coordinator was told of it long ago."""
    return forget_senders(dry_run, handled_at__isnull=True, created_at__lt=before)


def forget_senders(dry_run: bool, **which: Any) -> int:
    count = 0
    for model in incoming_models():
        manager: Any = model._default_manager
        rows = manager.filter(**which).exclude(sender_name="", sender_email="")
        count += change(rows, dry_run, sender_name="", sender_email="")
    return count


@rule(
    code="changes", days=1825, description=_("Who moved a listing from one state to another; the change itself stays")
)
def changes(before: dt.datetime, dry_run: bool) -> int:
    return change(StatusEvent.objects.filter(at__lt=before, by__isnull=False), dry_run, by=None)


@rule(code="history", days=1825, description=_("Who changed a listing or an organisation; the change itself stays"))
def history_of_who(before: dt.datetime, dry_run: bool) -> int:
    return history.forget_before(before, dry_run)


@rule(code="data-requests", days=1095, description=_("Whose a request about own data was; the count stays"))
def data_requests(before: dt.datetime, dry_run: bool) -> int:
    done = DataRequest.objects.filter(done_at__lt=before).exclude(person=None, done_by=None, note="")
    return change(done, dry_run, person=None, done_by=None, note="")


@rule(code="desk-log", days=730, description=_("The log of the coordinator’s desk"))
def desk_log(before: dt.datetime, dry_run: bool) -> int:
    return delete(LogEntry.objects.filter(action_time__lt=before), dry_run)


@rule(code="once-keys", days=3, description=_("Random keys of forms that were sent"))
def once_keys(before: dt.datetime, dry_run: bool) -> int:
    return delete(OnceKey.objects.filter(created_at__lt=before), dry_run)


OLD_JOBS = """
    FROM procrastinate_jobs job WHERE status NOT IN ('todo', 'doing') AND NOT EXISTS (
        SELECT FROM procrastinate_events event WHERE event.job_id = job.id AND event.at >= %s
    )
"""


@rule(code="jobs", days=7, description=_("Finished background work; it holds numbers of rows only"))
def jobs(before: dt.datetime, dry_run: bool) -> int:
    with connection.cursor() as cursor:
        cursor.execute(("SELECT count(*)" if dry_run else "DELETE") + OLD_JOBS, [before])
        return cursor.fetchone()[0] if dry_run else cursor.rowcount
