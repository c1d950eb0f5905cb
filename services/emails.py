"""The mails of the catalogue, one function each."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from network import mail
from network.emails import link
from network.models import Message, User

from .models import ConfirmationRequest, HolidayInvitation, ProposedEdit, ServiceNotice


def proposal_waiting(proposal: ProposedEdit) -> None:
    """To every coordinator, once for each version of the proposal."""
    context = {"proposal": proposal, "url": settings.SITE_URL + proposal.get_absolute_url()}
    why = _("You get this because you coordinate the network and review what newcomers write.")
    for person in User.objects.coordinators():
        mail.send(
            "services/proposal_waiting",
            to=person,
            event=f"proposal:{proposal.pk}",
            version=proposal.version,
            context=context,
            why=why,
        )


def proposal_decided(proposal: ProposedEdit) -> None:
    """To the author: approved, corrected or rejected with the reason, and where to go on."""
    if proposal.author is None or not proposal.author.is_active:
        return
    context = {
        "proposal": proposal,
        "url": settings.SITE_URL + proposal.thing.get_absolute_url(),
        "own_url": link("services:own", language=proposal.author.language),
    }
    why = _("You get this because you sent the text for review.")
    mail.send(
        "services/proposal_decided",
        to=proposal.author,
        event=f"proposal-decided:{proposal.pk}",
        context=context,
        why=why,
    )


def changed_services(person: User, notices: Sequence[ServiceNotice], *, event: str, unsubscribe_url: str) -> None:
    """What changed in the catalogue, to one who follows it."""
    mail.send(
        "services/changed_services",
        to=person,
        event=event,
        context={"notices": notices, "page_url": link("services:changed", language=person.language)},
        why=_("You get this message because you follow changes in the services of the network."),
        unsubscribe_url=unsubscribe_url,
    )


def confirm(request: ConfirmationRequest, things: Sequence[Any], *, more: int = 0) -> Message | None:
    """Asks to look whether all these are right, and gives the link that needs no signing in."""
    address = link("services:confirm_by_link", request.token, language=request.person.language)
    return mail.send(
        "services/confirm",
        to=request.person,
        event=f"confirmation-request:{request.pk}",
        context={"request": request, "things": things, "more": more, "link": address},
        why=_("You get this because you keep these pages right as their editor."),
    )


def holiday(invitation: HolidayInvitation) -> Message | None:
    """Asks for the exceptions of a holiday, and gives the link that needs no signing in."""
    address = link("services:holiday", invitation.token, language=invitation.person.language)
    return mail.send(
        "services/holiday",
        to=invitation.person,
        event=f"holiday-round:{invitation.round_id}",
        context={"round": invitation.round, "link": address},
        why=_("You get this because you keep services right as their editor."),
    )
