"""The kinds of personal data that meetings hold; see `network.personal_data`."""

from functools import partial
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from network.models import User
from network.personal_data import GONE, PUBLIC_INTEREST, TAKEN_OUT, Kind, add, clear, delete, of_model

from .models import (
    ActionItem,
    AgendaItem,
    Attachment,
    CalendarFeed,
    Decision,
    GroupMembership,
    Meeting,
    MeetingGuest,
    Minutes,
    MinutesComment,
    Participation,
    Wish,
)

WHY = _("Meetings of the network: inviting, agendas and minutes")


def of_address(person: User) -> Q:
    return Q(email__iexact=person.email)


def take_out_of_meetings(rows: QuerySet[Meeting]) -> None:
    """What was organised stays; the list of its organisers loses the person with the account."""
    rows.order_by().update(created_by=None)


def take_out_of_participations(rows: QuerySet[Participation]) -> None:
    rows.order_by().update(person=None, name="", email="", note="")


kept = partial(of_model, why=WHY, basis=PUBLIC_INTEREST)
in_archive = partial(kept, fate=TAKEN_OUT, how_long=_("As long as the meeting is in the archive"))


def signed(key: str, title: Any, model: type[Model], fields: tuple[str, ...], column: str) -> Kind:
    """What somebody has done that stays in the archive, with her taken out of the column."""
    rows = model._default_manager
    return in_archive(
        key, title=title, model=model, fields=fields, of=lambda person: rows.filter(**{column: person}), erase=clear(**{column: None})
    )  # fmt: skip


add(
    kept(
        "groups",
        title=_("Groups you belong or have belonged to"),
        model=GroupMembership,
        fields=("group", "role", "is_organiser", "has_expert_seat", "wants_mail", "since", "until"),
        of=lambda person: GroupMembership.objects.filter(person=person),
        erase=delete,
        fate=GONE,
        rules=("group-memberships",),
    ),
    in_archive(
        "meetings-organised",
        title=_("Meetings you organised or wrote down"),
        model=Meeting,
        fields=("title", "first_day"),
        of=lambda person: Meeting.objects.filter(
            Q(created_by=person)
            | Q(pk__in=Meeting.organisers.through.objects.filter(user_id=person.pk).values("meeting_id"))
        ),
        erase=take_out_of_meetings,
        also=("meetings.Meeting_organisers",),
    ),
    kept(
        "participations",
        title=_("Meetings you were asked to, with your answers and whether you were there"),
        model=Participation,
        fields=(
            "meeting", "name", "email", "organisation", "organisation_name", "answer", "note", "answered_at", "attendance",
        ),
        of=lambda person: Participation.objects.filter(Q(person=person) | of_address(person)),
        erase=take_out_of_participations,
        also=("meetings.FeedbackGiven",),
        fate=_("It is counted without you: nothing tells any more that it was you."),
        rules=("participations",),
    ),
    kept(
        "meeting-guest",
        title=_("Meetings where you were a guest"),
        model=MeetingGuest,
        fields=(
            "meeting", "name", "organisation", "role", "topic", "email", "answer", "note", "name_may_be_published",
            "slides_may_be_published",
        ),
        of=lambda person: MeetingGuest.objects.filter(of_address(person)),
        erase=clear(email="", note=""),
        fate=_("Your address and note are taken off. The name of a speaker stays in the minutes."),
        rules=("meeting-guests",),
    ),
    kept(
        "items-proposed",
        title=_("What you proposed for agendas"),
        model=AgendaItem,
        fields=("meeting", "title", "description", "status", "reason", "proposer_name", "proposer_email", "created_at"),
        of=lambda person: AgendaItem.objects.filter(Q(proposer=person) | Q(proposer_email__iexact=person.email)),
        erase=clear(proposer=None, proposer_name="", proposer_email=""),
        fate=TAKEN_OUT,
        rules=("item-proposers",),
    ),
    kept(
        "meeting-wishes",
        title=_("What you wished meetings to be about"),
        model=Wish,
        fields=("group", "text", "created_at"),
        of=lambda person: Wish.objects.filter(proposer=person),
        erase=clear(proposer=None),
        fate=TAKEN_OUT,
        rules=("item-proposers",),
    ),
    signed("meeting-files", _("Files you added to meetings"), Attachment, ("item", "group", "name", "file_name", "created_at"), "uploaded_by"),
    signed("minutes-published", _("Minutes you published"), Minutes, ("meeting", "number", "published_at"), "published_by"),
    signed("meeting-decisions", _("Decisions you wrote down"), Decision, ("meeting", "text", "created_at"), "created_by"),
    kept(
        "minutes-comments",
        title=_("Your comments on minutes"),
        model=MinutesComment,
        fields=("minutes", "text", "created_at"),
        of=lambda person: MinutesComment.objects.filter(author=person),
        erase=delete,
        fate=GONE,
        rules=("minutes-comments",),
    ),
    in_archive(
        "meeting-actions",
        title=_("What you promised to do, and what you marked done"),
        model=ActionItem,
        fields=("meeting", "text", "due", "done_at"),
        of=lambda person: ActionItem.objects.filter(Q(owner=person) | Q(done_by=person)),
        erase=lambda rows: rows.order_by().update(owner=None, done_by=None),
    ),
    of_model(
        "calendar-address",
        title=_("The secret address of your calendar"),
        model=CalendarFeed,
        fields=("created_at",),
        of=lambda person: CalendarFeed.objects.filter(person=person),
        erase=delete,
        fate=GONE,
        why=_("So that meetings are in your own calendar"),
        basis=PUBLIC_INTEREST,
        how_long=_("Until you make a new one or leave"),
    ),
)  # fmt: skip
