"""The mails about minutes, actions and feedback, one function each."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from network import mail
from network.emails import link
from network.models import Message, User

from ..models import ActionItem, Meeting, Minutes, Participation
from . import record
from .permissions import NETWORK, PUBLIC, level

MAY_COMMENT = _("You get this because you took part in the meeting, or were asked to.")
WAS_ABSENT = _("You get this because you were asked to the meeting and were not there.")
HAS_PROMISED = _("You get this because the minutes name you as the one who does this.")
WAS_THERE = _("You get this because you took part in the meeting.")


def minutes_for_comments(minutes: Minutes) -> None:
    """To everybody with an account who was asked to the meeting and may read its minutes."""
    asked = User.objects.filter(is_active=True, participations__meeting=minutes.meeting).distinct()
    for person in asked:
        if level(person, minutes.meeting) == PUBLIC:
            continue
        mail.send(
            "meetings/minutes_for_comments",
            to=person,
            event=f"minutes-comments:{minutes.pk}",
            version=minutes.edition + 1,
            context={
                "meeting": minutes.meeting,
                "until": minutes.comments_until,
                "url": link("meetings:minutes", minutes.meeting.pk, language=person.language),
            },
            why=MAY_COMMENT,
        )


def minutes_to_absentees(minutes: Minutes) -> None:
    """The short summary, once for a meeting: to those who were asked and were not there."""
    meeting = minutes.meeting
    if not Meeting.objects.filter(pk=meeting.pk, summary_sent_at=None).update(summary_sent_at=timezone.now()):
        return
    absent = meeting.participations.filter(invited_at__isnull=False).exclude(attendance__in=["present", "remote"])
    absent = absent.filter(Q(person__is_active=True) | ~Q(email="")).select_related("person")
    for row in absent:
        _summary(minutes, row)


def _summary(minutes: Minutes, row: Participation) -> Message | None:
    reads = level(row.person, minutes.meeting) if row.person else PUBLIC
    if reads == PUBLIC and not minutes.meeting.is_public and row.person is None:
        return None  # nothing that could be read
    kept = minutes.public_record if reads == PUBLIC else record.cut(minutes.record, NETWORK)
    language = row.person.language if row.person else row.language
    decisions = [one["text"] for part in [*kept["items"], kept] for one in part["decisions"]]
    context = {
        "meeting": minutes.meeting,
        "titles": [item["title"] for item in kept["items"]],
        "decisions": decisions,
        "headcount": kept["headcount"] if kept["headcount"] >= 5 or reads != PUBLIC else 0,
        "url": link("meetings:minutes", minutes.meeting.pk, language=language),
    }
    return mail.send(
        "meetings/minutes_summary",
        to=row.person or row.email,
        event=f"minutes-summary:{minutes.meeting.pk}",
        context=context,
        language=language,
        why=WAS_ABSENT,
    )


def action_reminder(action: ActionItem) -> Message | None:
    if action.owner is None or not action.owner.is_active:
        return None
    return mail.send(
        "meetings/action_reminder",
        to=action.owner,
        event=f"action:{action.pk}",
        version=action.times_moved * 2 + (2 if action.due and action.due < timezone.localdate() else 1),
        context={
            "action": action,
            "is_late": bool(action.due and action.due < timezone.localdate()),
            "url": link("meetings:own_actions", language=action.owner.language),
        },
        why=HAS_PROMISED,
    )


def feedback_asked(row: Participation) -> Message | None:
    language = row.person.language if row.person else row.language
    with translation.override(language):
        path = reverse("meetings:feedback", args=[row.token])
    return mail.send(
        "meetings/feedback_asked",
        to=row.person or row.email,
        event=f"meeting-feedback:{row.meeting_id}",
        context={"meeting": row.meeting, "path": path},
        language=language,
        why=WAS_THERE,
    )
