"""The mails of meetings, one function each. Those that a calendar should hear of carry its file."""

import copy
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from network import mail
from network.emails import language_of, link
from network.models import Message, Network, User

from . import calendars
from .models import AgendaItem, Meeting, MeetingGuest, Participation
from .models.participation import Answer

Asked = Participation | MeetingGuest

INVITED: Any = _("You get this because you belong to those who are invited to this meeting.")
REGISTERED: Any = _("You get this because you registered for this meeting with this address.")
GUEST: Any = _("You get this because you are a guest of this meeting.")
PROPOSED: Any = _("You get this because you proposed this for the agenda.")


def why_of(one: Asked) -> Any:
    if isinstance(one, MeetingGuest):
        return GUEST
    return INVITED if one.person_id else REGISTERED


def reader_of(one: Asked) -> User | str:
    return one.person if isinstance(one, Participation) and one.person else one.email


def language_for(one: Asked) -> str:
    reader = reader_of(one)
    return reader.language if isinstance(reader, User) else one.language


def context_for(meeting: Meeting, one: Asked, **more: Any) -> dict[str, Any]:
    """What every message of a meeting may say. The link for joining is for those who have a place."""
    from . import agenda, inviting  # which import this module

    language = language_for(one)
    with override(language):
        words = inviting.when(meeting)
    guest = isinstance(one, MeetingGuest)
    may_join = meeting.join_link and not meeting.is_cancelled and one.answer not in {Answer.WAITING, Answer.NOT_COMING}
    return {
        "meeting": meeting,
        "one": one,
        "guest": one if guest else None,
        "when": words,
        "where": calendars.where(meeting),
        "agenda": agenda.timed(meeting, publicity=None if not guest else AgendaItem.Publicity.PUBLIC),
        "join_link": meeting.join_link if may_join else "",
        "answer_link": link("meetings:answer_by_link", one.token, language=language),
        "page_link": link("meetings:detail", meeting.pk, language=language) if meeting.pk else "",
        "open_for_answers": not meeting.is_cancelled and one.answer != Answer.WAITING,
        **more,
    }


def send(
    name: str, meeting: Meeting, one: Asked, *, event: str, calendar: bool, version: int = 1, **more: Any
) -> Message | None:
    """`calendar`: with the file, unless she waits for a place; the link stands in it for those who have one."""
    reader, language = reader_of(one), language_for(one)
    file = ""
    if calendar and meeting.starts_at and one.answer != Answer.WAITING:
        with override(language):
            address = reader.email if isinstance(reader, User) else reader
            coming = one.answer != Answer.NOT_COMING
            file = calendars.invitation(meeting, address=address, name=str(one), with_link=coming)
    return mail.send(
        f"meetings/{name}",
        to=reader,
        event=event,
        version=version,
        context=context_for(meeting, one, **more),
        why=why_of(one),
        language=language,
        calendar=file,
    )


def meeting_invitation(meeting: Meeting, one: Asked) -> Message | None:
    return send("meeting_invitation", meeting, one, event=f"meeting-invitation:{meeting.pk}", calendar=True)


def meeting_changed(meeting: Meeting, one: Asked, fields: Sequence[str]) -> Message | None:
    """All that changed since the last message; the calendar's file only when it concerns calendars."""
    from . import inviting

    matters = any(field in inviting.MATTERS for field in fields)
    with override(language_for(one)):
        changes = inviting.in_words(list(fields))
    return send(
        "meeting_changed", meeting, one, event=f"meeting-change:{meeting.pk}", version=max(1, meeting.told_version),
        calendar=matters, changes=changes,
    )  # fmt: skip


def meeting_cancelled(meeting: Meeting, one: Asked) -> Message | None:
    return send("meeting_cancelled", meeting, one, event=f"meeting-cancelled:{meeting.pk}", calendar=True)


def meeting_reminder(meeting: Meeting, one: Asked, days: int) -> Message | None:
    event = f"meeting-reminder:{meeting.pk}:{meeting.first_day}"
    return send("meeting_reminder", meeting, one, event=event, version=max(1, days), calendar=False)


def speaker_reminder(meeting: Meeting, one: Asked, days: int) -> Message | None:
    event = f"meeting-speaker:{meeting.pk}:{meeting.first_day}"
    return send("speaker_reminder", meeting, one, event=event, version=max(1, days), calendar=False)


def registered(meeting: Meeting, one: Participation) -> Message | None:
    """To who registered without an account: a place with the link and the calendar's file, or a place in the line."""
    has_place = one.answer == Answer.COMING
    event = f"meeting-registered:{one.pk}:{one.answered_at:%Y%m%d%H%M%S}"
    return send("registered", meeting, one, event=event, calendar=has_place, has_place=has_place)


def place_given(meeting: Meeting, one: Participation) -> Message | None:
    return send(
        "place_given", meeting, one, event=f"meeting-place:{one.pk}:{timezone.now():%Y%m%d%H%M%S}", calendar=True
    )


# Agenda ---------------------------------------------------------------------------------------------------------------


def item_proposed(item: AgendaItem, to: User) -> Message | None:
    context = {"item": item, "url": link("meetings:organise", item.meeting_id, language=to.language)}
    why = _("You get this because you organise this meeting or coordinate the network.")
    return mail.send("meetings/item_proposed", to=to, event=f"agenda-item:{item.pk}", context=context, why=why)


def item_decided(item: AgendaItem) -> Message | None:
    """To the proposer: on the agenda, merged, postponed or not taken, with the reason."""
    to: User | str = item.proposer if item.proposer and item.proposer.is_active else item.proposer_email
    if not to:
        return None
    context = {"item": item, "url": link("meetings:detail", item.meeting_id, language=language_of(to))}
    event, version = (
        f"agenda-item-decided:{item.pk}",
        int(item.decided_at.timestamp()) % 2**31 if item.decided_at else 1,
    )
    return mail.send("meetings/item_decided", to=to, event=event, version=version, context=context, why=PROPOSED)


# Before it is sent ----------------------------------------------------------------------------------------------------

PREVIEWS = {
    "invite": "meeting_invitation",
    "change": "meeting_changed",
    "cancel": "meeting_cancelled",
    "reminder": "meeting_reminder",
    "speaker": "speaker_reminder",
}


def preview(meeting: Meeting, example: Participation, what: str, fields: list[str]) -> tuple[str, str]:
    """(subject, text) as the example would read it, in the active language. KeyError for what is never sent."""
    from . import inviting

    name = PREVIEWS[what]
    context = context_for(meeting, example, changes=inviting.in_words(fields))
    context |= {"network": Network.current(), "site_url": settings.SITE_URL, "reader": None, "why": str(INVITED)}
    context["answer_link"] = f"{settings.SITE_URL}/…"
    if what == "cancel":
        context["join_link"] = ""
    return rendered(name, context)


def preview_decided(item: AgendaItem, *, status: str, reason: str, into: AgendaItem | None) -> tuple[str, str]:
    """(subject, text) as the proposer would read of this decision; nothing is written."""
    example = copy.copy(item)
    example.status, example.reason, example.merged_into = status, reason, into
    context = {
        "item": example,
        "url": f"{settings.SITE_URL}{item.meeting.get_absolute_url()}",
        "reader": None,
        "why": str(PROPOSED),
    }
    with override(language_of(item.proposer or item.proposer_email)):
        return rendered("item_decided", context | {"network": Network.current(), "site_url": settings.SITE_URL})


def rendered(name: str, context: dict[str, Any]) -> tuple[str, str]:
    subject = " ".join(mail.render(f"emails/meetings/{name}.subject.txt", context, autoescape=False).split())
    return subject, mail.render(f"emails/meetings/{name}.txt", context, autoescape=False).strip()
