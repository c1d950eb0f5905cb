"""Messages of the ground floor: one function for each."""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from .mail import send
from .models import Bulletin, Message, User
from .subscriptions import token_of

BULLETIN_AT_ONCE = _("You get this because you are a member of the network and take its bulletins at once.")
BULLETIN_WEEKLY = _("You get this because you are a member of the network and take its bulletins once a week.")


def bulletin_event(bulletin: Bulletin) -> str:
    return f"bulletin:{bulletin.pk}"


def bulletin(bulletin: Bulletin, person: User) -> Message | None:
    return send(
        "network/bulletin",
        to=person,
        event=bulletin_event(bulletin),
        version=bulletin.version,
        context={"bulletin": bulletin, "url": address(bulletin.get_absolute_url, person)},
        why=BULLETIN_AT_ONCE,
        unsubscribe_url=unsubscribe_address(person),
    )


def bulletin_digest(bulletins: list[Bulletin], person: User, monday: dt.date) -> Message | None:
    rows = [(bulletin, address(bulletin.get_absolute_url, person)) for bulletin in bulletins]
    return send(
        "network/bulletin_digest",
        to=person,
        event=f"bulletin-digest:{monday:%Y-%m-%d}",
        context={"rows": rows},
        why=BULLETIN_WEEKLY,
        unsubscribe_url=unsubscribe_address(person),
    )


def bulletin_proposed(bulletin: Bulletin) -> None:
    """To the coordinator and the deputies."""
    for person in User.objects.coordinators():
        send(
            "network/bulletin_proposed",
            to=person,
            event=f"bulletin-proposed:{bulletin.pk}",
            context={
                "bulletin": bulletin,
                "url": address(lambda: reverse("admin:network_bulletin_preview", args=[bulletin.pk]), person),
            },
            why=_("You get this because you are a coordinator of the network."),
        )


def unsubscribe_address(person: User) -> str:
    return address(lambda: reverse("bulletin_unsubscribe", args=[token_of(person)]), person)


def address(path: Callable[[], str], person: User) -> str:
    """The whole address of a page, in the person's language. `path` makes its path."""
    with translation.override(person.language):
        return settings.SITE_URL + path()
