"""Registration of people without an account, for hundreds at a time."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.models import User

from . import answering, emails, inviting
from .models import Meeting, Participation
from .models.participation import Answer


def is_open(meeting: Meeting) -> bool:
    until = meeting.registration_until or meeting.starts_at
    return bool(
        meeting.open_to_non_members and meeting.is_public and meeting.published_at and not meeting.is_cancelled
        and not meeting.is_over and until and until > timezone.now()
    )  # fmt: skip


@transaction.atomic
def register(meeting: Meeting, one: Participation) -> Participation:
    """A place, or one in the line when the places are full; a mail tells which. The same address has one place: sent
    again it gets its mail again. An address with an account answers as that person. ValidationError when it is closed.
    """
    now_meeting = inviting.held(meeting)
    if not is_open(now_meeting):
        raise ValidationError(_("Registration for this meeting is closed."))
    email = User.objects.normalize_email(one.email)
    kept = known(now_meeting, email) or one
    if kept is one:
        account = User.objects.filter(email=email, is_active=True).first()
        one.meeting, one.email, one.answer = now_meeting, email, Answer.INVITED
        if account:
            one.person, one.name, one.email = account, "", ""
    elif kept.person_id is None:
        kept.name, kept.organisation_name, kept.sector = one.name, one.organisation_name, one.sector
    if kept.answer not in {Answer.COMING, Answer.WAITING}:
        kept.answer = Answer.WAITING if answering.is_full(now_meeting) else Answer.COMING
    now = timezone.now()
    in_line = kept.pk and kept.answer == Answer.WAITING and kept.answered_at
    kept.answered_at = kept.answered_at if in_line else now
    kept.invited_at, kept.told_sequence = kept.invited_at or now, now_meeting.sequence
    kept.save()
    emails.registered(now_meeting, kept)
    return kept


def known(meeting: Meeting, email: str) -> Participation | None:
    by_account = meeting.participations.filter(person__email=email).select_related("person").first()
    return by_account or meeting.participations.filter(email=email).first()
