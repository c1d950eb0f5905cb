"""Who did what: changes of state, requests about own data, the desk's log."""

import json

from django.contrib.admin.models import LogEntry
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from network.models import DataRequest, StatusEvent, User
from network.personal_data import (
    GONE,
    LEGAL_DUTY,
    LEGITIMATE_INTEREST,
    PUBLIC_INTEREST,
    TAKEN_OUT,
    Kind,
    Rows,
    add,
    clear,
    of_model,
)

add(
    of_model(
        "changes",
        title=_("What you have moved from one state to another"),
        model=StatusEvent,
        fields=("subject_type", "status", "note", "at"),
        of=lambda person: StatusEvent.objects.filter(by=person),
        erase=clear(by=None),
        fate=TAKEN_OUT,
        why=_("To know what has happened to a listing"),
        basis=PUBLIC_INTEREST,
        rules=("changes",),
    ),
    of_model(
        "requests",
        title=_("Your requests about your data"),
        model=DataRequest,
        fields=("kind", "created_at", "due_on", "done_at", "note"),
        of=lambda person: DataRequest.objects.filter(person=person),
        erase=clear(person=None, note=""),
        fate=_("The kind and the dates stay, so that requests can be counted; nothing tells that they were yours."),
        why=_("To answer requests in time"),
        basis=LEGAL_DUTY,
        rules=("data-requests",),
    ),
    of_model(
        "requests-done",
        title=_("Others’ requests you have seen to"),
        model=DataRequest,
        fields=("kind", "done_at"),  # whose and what: that is the other person's
        of=lambda person: DataRequest.objects.filter(done_by=person).exclude(person=person),
        erase=clear(done_by=None),
        fate=TAKEN_OUT,
        why=_("To answer requests in time"),
        basis=LEGAL_DUTY,
        rules=("data-requests",),
    ),
)


def desk_log_of(person: User) -> QuerySet[LogEntry]:
    return LogEntry.objects.filter(user=person)


def erase_desk_log(person: User) -> None:
    """Her own entries go. Others' entries that name her stay without the name."""
    desk_log_of(person).delete()
    named = Q(content_type__app_label="network", content_type__model="user", object_id=str(person.pk))
    for name in filter(None, (person.email, person.name)):
        in_json = json.dumps(name)[1:-1]  # the log writes ä as \u00e4
        named |= Q(object_repr__icontains=name) | Q(change_message__icontains=name)
        named |= Q(change_message__icontains=in_json)
    LogEntry.objects.filter(named).update(object_repr="–", change_message="")


def desk_log_rows(person: User) -> Rows:
    return [
        {"at": at.isoformat(), "what": what, "done": message}
        for at, what, message in desk_log_of(person).values_list("action_time", "object_repr", "change_message")
    ]


def desk_log_words(person: User) -> Rows:
    entries = desk_log_of(person).select_related("content_type")
    return [
        {"at": entry.action_time, "what": entry.object_repr, "done": entry.get_change_message()} for entry in entries
    ]


add(
    Kind(
        "desk-log",
        title=_("What you have done at the coordinator’s desk"),
        rows=desk_log_rows,
        shown=desk_log_words,
        erase=erase_desk_log,
        fate=GONE,
        why=_("Finding faults"),
        basis=LEGITIMATE_INTEREST,
        labels={"at": _("at"), "what": _("what"), "done": _("change")},
        models=("admin.LogEntry",),
        rules=("desk-log",),
    )
)
