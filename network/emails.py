"""The network's own messages: one function for each."""

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from . import mail
from .models import Bulletin, Incoming, Invitation, JoinRequest, Membership, Message, User
from .subscriptions import BULLETINS


def link(name: str, *args: object, language: str = "fi") -> str:
    """An address of the portal as it stands in a mail, in the reader's language."""
    with translation.override(language):
        return settings.SITE_URL + reverse(name, args=args)


def language_of(to: User | str) -> str:
    return to.language if isinstance(to, User) else settings.LANGUAGE_CODE


# What came in without login -----------------------------------------------------------------------------------------


def incoming_arrived(incoming: Incoming, to: User) -> Message | None:
    return _incoming("arrived", incoming, to, why=_("You get this because you keep the details of the organisation."))


def incoming_escalated(incoming: Incoming, to: User | str) -> Message | None:
    return _incoming("escalated", incoming, to, why=_("You get this because you coordinate the network."))


def _incoming(name: str, incoming: Incoming, to: User | str, *, why: object) -> Message | None:
    kind = incoming._meta.model_name
    url = link("incoming_detail", kind, incoming.pk, language=language_of(to))
    return mail.send(
        f"network/incoming_{name}",
        to=to,
        event=f"{kind}-{name}:{incoming.pk}",
        context={"incoming": incoming, "url": url},
        why=why,  # type: ignore[arg-type]
    )


def incoming_answered(incoming: Incoming) -> Message | None:
    return mail.send(
        "network/incoming_answered",
        to=incoming.sender_email,
        event=f"{incoming._meta.model_name}-answered:{incoming.pk}",
        context={"incoming": incoming},
        language=getattr(incoming, "language", ""),
        why=_("You get this because you wrote to us through the portal and gave this address."),
    )


# Bulletins ----------------------------------------------------------------------------------------------------------

BULLETIN_AT_ONCE = _("You get this because you are a member of the network and take its bulletins at once.")
BULLETIN_WEEKLY = _("You get this because you are a member of the network and take its bulletins once a week.")


def bulletin_event(bulletin: Bulletin) -> str:
    return f"bulletin:{bulletin.pk}"


def bulletin(bulletin: Bulletin, person: User) -> Message | None:
    return mail.send(
        "network/bulletin",
        to=person,
        event=bulletin_event(bulletin),
        version=bulletin.version,
        context={"bulletin": bulletin, "url": link("bulletin_detail", bulletin.pk, language=person.language)},
        why=BULLETIN_AT_ONCE,
        unsubscribe_url=unsubscribe_link(person),
    )


def bulletin_digest(bulletins: list[Bulletin], person: User, monday: dt.date) -> Message | None:
    rows = [(bulletin, link("bulletin_detail", bulletin.pk, language=person.language)) for bulletin in bulletins]
    return mail.send(
        "network/bulletin_digest",
        to=person,
        event=f"bulletin-digest:{monday:%Y-%m-%d}",
        context={"rows": rows},
        why=BULLETIN_WEEKLY,
        unsubscribe_url=unsubscribe_link(person),
    )


def bulletin_proposed(bulletin: Bulletin) -> None:
    """To the coordinator and the deputies."""
    for person in User.objects.coordinators():
        url = link("admin:network_bulletin_preview", bulletin.pk, language=person.language)
        mail.send(
            "network/bulletin_proposed",
            to=person,
            event=f"bulletin-proposed:{bulletin.pk}",
            context={"bulletin": bulletin, "url": url},
            why=_("You get this because you coordinate the network."),
        )


def bulletin_declined(bulletin: Bulletin, person: User) -> Message | None:
    """To the member who proposed it."""
    if not person.is_active:
        return None
    return mail.send(
        "network/bulletin_declined",
        to=person,
        event=f"bulletin-declined:{bulletin.pk}",
        context={"bulletin": bulletin},
        why=_("You get this because you proposed a bulletin to the network."),
    )


def unsubscribe_link(person: User) -> str:
    return link("bulletin_unsubscribe", BULLETINS.token_of(person), language=person.language)


# Joining ------------------------------------------------------------------------------------------------------------


def invitation(one: Invitation, token: str) -> Message | None:
    return mail.send(
        "network/invitation",
        to=one.email,
        event=f"invitation:{one.pk}",
        version=one.times_sent,
        context={"invitation": one, "url": link("invitation_accept", token, language=one.language)},
        language=one.language,
        why=_("You get this because somebody in the network has invited this address."),
    )


def rights_given(membership: Membership) -> Message | None:
    rights = f"{membership.is_editor:d}{membership.is_contact_person:d}"
    return mail.send(
        "network/rights_given",
        to=membership.person,
        event=f"rights:{membership.pk}:{rights}:{timezone.localdate()}",
        context={"membership": membership, "url": link("profile", language=membership.person.language)},
        why=_("You get this because you are a member of the network."),
    )


def join_request_arrived(request: JoinRequest, to: User | str) -> Message | None:
    return mail.send(
        "network/join_request",
        to=to,
        event=f"join-request:{request.pk}",
        context={"request": request, "url": link("join_request_detail", request.pk, language=language_of(to))},
        why=_("You get this because you coordinate the network."),
    )


def join_request_declined(request: JoinRequest) -> Message | None:
    return mail.send(
        "network/join_request_declined",
        to=request.email,
        event=f"join-request-declined:{request.pk}",
        context={"request": request},
        language=request.language,
        why=_("You get this because somebody asked to join the network with this address."),
    )


# Coordinating -------------------------------------------------------------------------------------------------------


def coordinator_named(person: User) -> Message | None:
    return mail.send(
        "network/coordinator_named",
        to=person,
        event=f"coordinator-named:{person.pk}:{timezone.now():%Y-%m-%dT%H:%M:%S}",
        context={"url": link("admin:index", language=person.language)},
        why=_("You get this because you are a member of the network."),
    )
