"""The ground floor's own kinds of personal data; see `network.personal_data`."""

import json
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from network import history
from network.models import (
    Bulletin,
    DataRequest,
    Incoming,
    InternalNote,
    Invitation,
    JoinRequest,
    KeptForm,
    Membership,
    Message,
    Network,
    Organisation,
    RulesAcceptance,
    StatusEvent,
    User,
)
from network.personal_data import (
    ACCOUNT,
    AGREEMENT,
    GONE,
    LEGAL_DUTY,
    LEGITIMATE_INTEREST,
    PUBLIC_INTEREST,
    TAKEN_OUT,
    Kind,
    Rows,
    add,
    clear,
    delete,
    of_model,
)

# Account ------------------------------------------------------------------------------------------------------------


def erase_account(people: QuerySet[User]) -> None:
    """Last of all. What a coordinator has written of herself on every page's foot goes with her."""
    person = people.get()
    Network.objects.filter(Q(coordinator=person) | Q(coordinator_email=person.email)).update(
        coordinator_name="", coordinator_email="", coordinator_phone=""
    )
    history.forget(person)
    people.delete()


add(
    of_model(
        ACCOUNT,
        title=_("Account"),
        model=User,
        fields=(
            "email", "name", "language", "phone", "name_shown_to", "contact_shown_to", "competences", "wants_meetings",
            "wants_mailing_list", "wants_working_groups", "wants_expert_tasks", "bulletin_delivery", "changes_delivery",
            "is_staff", "coordinates_experts", "date_joined", "last_login", "warned_at", "kept_at", "rules_first",
        ),
        of=lambda person: User.objects.filter(pk=person.pk),
        erase=erase_account,
        fate=GONE,
        why=_("Signing in and keeping listings right"),
        basis=AGREEMENT,
        how_long=_("Until you erase it; an account that nobody uses, as told below"),
        also=("account.EmailAddress", "account.EmailConfirmation", "mfa.Authenticator", "socialaccount.SocialAccount",
              "socialaccount.SocialToken", "usersessions.UserSession"),
    ),
    of_model(
        "memberships",
        title=_("Whom you stand for"),
        model=Membership,
        fields=("organisation", "function", "role", "level", "title", "is_editor", "is_contact_person", "since", "until"),
        of=lambda person: Membership.objects.filter(person=person),
        erase=delete,
        fate=GONE,
        why=_("To know who may change which details"),
        basis=PUBLIC_INTEREST,
        how_long=_("As long as you have an account"),
    ),
)  # fmt: skip


def confirmed_by(person: User) -> QuerySet[Organisation]:
    """Found by the name that she chose to show: an organisation keeps no number of who confirmed it."""
    return Organisation.objects.filter(confirmed_name=person.name) if person.name else Organisation.objects.none()


add(
    of_model(
        "confirmed-organisations",
        title=_("Organisations that tell by name who confirmed their details"),
        model=Organisation,
        fields=("name", "confirmed_at", "confirmed_title", "confirmed_name"),
        of=confirmed_by,
        erase=clear(confirmed_name=""),
        fate=_("The name is taken off; organisation, title and date stay."),
        why=_("So that people see who says that the details are right"),
        basis=PUBLIC_INTEREST,
        how_long=_("Until the details are confirmed again"),
    )
)

# Signing in: what allauth keeps ---------------------------------------------------------------------------------------


# The library does not speak the portal's languages.
NAMES = {
    "type": _("Way"),
    "created_at": _("Begun"),
    "last_seen_at": _("Seen last"),
    "last_used_at": _("Used last"),
    "ip": _("Network address (IP)"),
    "user_agent": _("What the browser told of itself"),
    "provider": _("Who signs you in"),
    "uid": _("Your sign there"),
    "extra_data": _("What was told of you"),
    "last_login": _("Last signed in"),
    "date_joined": _("Linked"),
}


def add_sign_in(code: str, label: str, fields: tuple[str, ...], title: Any) -> None:
    """Of a package that may be away: told of when it is there. Never a secret: what proves who somebody is."""
    if apps.is_installed(f"allauth.{label.split('.')[0]}"):
        model = apps.get_model(label)
        add(
            of_model(
                code,
                title=title,
                model=model,
                fields=fields,
                names=NAMES,
                of=lambda person: model._default_manager.filter(user=person),
                erase=delete,
                fate=GONE,
                why=_("Signing in safely"),
                basis=AGREEMENT,
                how_long=_("As long as you have an account"),
            )
        )


add_sign_in("addresses", "account.EmailAddress", ("email", "verified", "primary"), _("Addresses you sign in with"))
add_sign_in("second-factors", "mfa.Authenticator", ("type", "created_at", "last_used_at"), _("Second factors"))
add_sign_in(
    "other-sign-ins",
    "socialaccount.SocialAccount",
    ("provider", "uid", "extra_data", "last_login", "date_joined"),
    _("Your organisation’s own sign-in"),
)
add_sign_in(
    "devices", "usersessions.UserSession", ("created_at", "last_seen_at", "ip", "user_agent"), _("Where you are signed in")
)  # fmt: skip


def sessions_of(person: User) -> list[Session]:
    """A session's row does not say whose it is: each is opened. There are as many as people signed in lately."""
    current = Session.objects.filter(expire_date__gt=timezone.now()).iterator()
    return [session for session in current if session.get_decoded().get("_auth_user_id") == str(person.pk)]


def session_rows(person: User) -> Rows:
    return [{"expires": session.expire_date.isoformat()} for session in sessions_of(person)]


def session_words(person: User) -> Rows:
    return [{"expires": session.expire_date} for session in sessions_of(person)]


def erase_sessions(person: User) -> None:
    Session.objects.filter(pk__in=[session.pk for session in sessions_of(person)]).delete()


add(
    Kind(
        "sessions",
        title=_("Browsers where you are signed in"),
        rows=session_rows,
        shown=session_words,
        erase=erase_sessions,
        fate=_("You are signed out everywhere."),
        why=_("Signing in safely"),
        basis=AGREEMENT,
        labels={"expires": _("ends by itself")},
        models=("sessions.Session",),
        how_long=_("Until you sign out; two weeks at most"),
    )
)


# Messages and invitations ---------------------------------------------------------------------------------------------


def messages_to(person: User) -> QuerySet[Message]:
    return Message.objects.filter(Q(recipient=person) | Q(address=person.email))


def invitations_to(person: User) -> QuerySet[Invitation]:
    return Invitation.objects.filter(Q(email=person.email) | Q(accepted_by=person))


add(
    of_model(
        "messages",
        title=_("Messages sent to you"),
        model=Message,
        fields=("address", "subject", "created_at", "sent_at", "failed_at"),
        of=messages_to,
        erase=delete,
        fate=GONE,
        why=_("So that members hear what concerns them, and each message comes once"),
        basis=AGREEMENT,
        rules=("messages",),
    ),
    of_model(
        "invitations",
        title=_("Invitations you got"),
        model=Invitation,
        fields=("email", "organisation", "role", "is_editor", "is_contact_person", "created_at", "expires_at", "accepted_at"),
        of=invitations_to,
        erase=delete,
        fate=GONE,
        why=_("Joining the network"),
        basis=AGREEMENT,
        rules=("invitations",),
    ),
    of_model(
        "invitations-sent",
        title=_("Invitations you sent"),
        model=Invitation,
        fields=("organisation", "created_at", "accepted_at", "revoked_at"),  # whom: that is the other person's
        of=lambda person: Invitation.objects.filter(invited_by=person),
        erase=clear(invited_by=None),
        fate=TAKEN_OUT,
        why=_("Joining the network"),
        basis=PUBLIC_INTEREST,
        rules=("invitations",),
    ),
)  # fmt: skip


add(
    of_model(
        "bulletins-proposed",
        title=_("Bulletins you proposed"),
        model=Bulletin,
        fields=("title", "body", "created_at", "sent_at", "withdrawn_at"),
        of=lambda person: Bulletin.objects.filter(proposed_by=person),
        erase=clear(proposed_by=None),
        fate=TAKEN_OUT,
        why=_("So that the coordinator knows whom to ask about a proposal"),
        basis=PUBLIC_INTEREST,
        how_long=_("As long as you have an account"),
    )
)


# Joining, and what is known of a member ------------------------------------------------------------------------------


def requests_of(person: User) -> QuerySet[JoinRequest]:
    """Also under an address that she had when she joined, and has changed since."""
    return JoinRequest.objects.filter(Q(email=person.email) | Q(invitation__accepted_by=person))


add(
    of_model(
        "requests-to-join",
        title=_("Your requests to join"),
        model=JoinRequest,
        fields=(
            "email", "name", "organisation", "organisation_name", "function", "role", "title", "level", "municipality",
            "why", "rules", "language", "created_at", "approved_at", "declined_at", "decline_reason",
        ),
        of=requests_of,
        erase=delete,
        fate=GONE,
        why=_("Joining the network"),
        basis=AGREEMENT,
        rules=("join-requests",),
    ),
    of_model(
        "requests-to-join-decided",
        title=_("Others’ requests to join that you decided on"),
        model=JoinRequest,
        fields=("created_at", "approved_at", "declined_at"),  # whose: that is the other person's
        of=lambda person: JoinRequest.objects.filter(decided_by=person),
        erase=clear(decided_by=None),
        fate=TAKEN_OUT,
        why=_("Joining the network"),
        basis=PUBLIC_INTEREST,
        rules=("join-requests",),
    ),
    of_model(
        "ground-rules",
        title=_("Ground rules you have accepted"),
        model=RulesAcceptance,
        fields=("rules", "at"),
        of=lambda person: RulesAcceptance.objects.filter(person=person),
        erase=delete,
        fate=GONE,
        why=_("To know that members know the rules"),
        basis=AGREEMENT,
        how_long=_("As long as you have an account"),
    ),
    of_model(
        "notes",
        title=_("Coordinators’ notes about you; ask the coordinator for their words"),
        model=InternalNote,
        fields=("written_at",),  # the words are for coordinators, who give them when asked: they may tell of others
        of=lambda person: InternalNote.objects.filter(person=person),
        erase=delete,
        fate=GONE,
        why=_("Looking after the network"),
        basis=PUBLIC_INTEREST,
        how_long=_("As long as you have an account"),
    ),
    of_model(
        "notes-written",
        title=_("Notes you wrote as a coordinator"),
        model=InternalNote,
        fields=("organisation", "written_at"),  # of whom and what: that may be another person's
        of=lambda person: InternalNote.objects.filter(written_by=person),
        erase=clear(written_by=None),
        fate=TAKEN_OUT,
        why=_("Looking after the network"),
        basis=PUBLIC_INTEREST,
        how_long=_("As long as what they are about is in the portal"),
    ),
    of_model(
        "kept-forms",
        title=_("Forms that could not be sent, kept for an hour"),
        model=KeptForm,
        fields=("path", "created_at"),  # the text is encrypted: only the browser that sent it can open it
        of=lambda person: KeptForm.objects.filter(writer=person),
        erase=delete,
        fate=GONE,
        why=_("So that what was typed is not lost"),
        basis=AGREEMENT,
        how_long=_("An hour"),
    ),
)  # fmt: skip

# What came in without signing in: from the person's address, and what she handled -------------------------------------


def add_incoming(model: type[Incoming]) -> None:
    code = model._meta.model_name
    manager: Any = model._default_manager
    add(
        of_model(
            f"{code}-sent",
            title=format_lazy(_("Sent from your address: {}"), model._meta.verbose_name_plural),
            model=model,
            fields=("body", "sender_name", "sender_email", "created_at", "handled_at", "answer"),
            of=lambda person: manager.filter(sender_email__iexact=person.email),
            erase=clear(sender_name="", sender_email=""),
            fate=_("The words stay for those who answer them, without your name and address."),
            why=_("So that what people tell is answered"),
            basis=PUBLIC_INTEREST,
            rules=("incoming", "incoming-unanswered"),
        ),
        of_model(
            f"{code}-handled",
            title=format_lazy(_("Handled by you: {}"), model._meta.verbose_name_plural),
            model=model,
            fields=("created_at", "handled_at", "answer"),
            of=lambda person: manager.filter(handled_by=person),
            erase=clear(handled_by=None),
            fate=TAKEN_OUT,
            why=_("So that what people tell is answered"),
            basis=PUBLIC_INTEREST,
            rules=("incoming",),
        ),
    )


def incoming_models() -> list[type[Incoming]]:
    return [model for model in apps.get_models() if issubclass(model, Incoming)]


for incoming in incoming_models():
    add_incoming(incoming)


# Who did what ---------------------------------------------------------------------------------------------------------

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
