"""The mails of the catalogue, one function each."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from network import mail
from network.emails import link
from network.models import User

from .models import ProposedEdit, ServiceNotice


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
