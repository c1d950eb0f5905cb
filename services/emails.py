"""Messages about listings, one function each."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from network import mail
from network.models import User

from .models import ServiceNotice


def changed_services(person: User, notices: Sequence[ServiceNotice], *, event: str, unsubscribe_url: str) -> None:
    """What changed in the catalogue, to one who follows it."""
    mail.send(
        "services/changed_services",
        to=person,
        event=event,
        context={"notices": notices, "page_url": address_for(person, "services:changed")},
        why=_("You get this message because you follow changes in the services of the network."),
        unsubscribe_url=unsubscribe_url,
    )


def address_for(person: User, name: str, *args: object) -> str:
    """The whole address of a page, in the person's language."""
    with translation.override(person.language):
        return settings.SITE_URL + reverse(name, args=args)
