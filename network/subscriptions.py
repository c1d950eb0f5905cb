"""Subscriptions by mail, and the links in them by which a reader changes how they come, without signing in."""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from .models import User


@dataclass(frozen=True)
class Subscription:
    """`column` of a person tells how it comes; `salt` signs its links."""

    column: str
    salt: str

    def token_of(self, person: User) -> str:
        """It opens one thing only: how its owner gets this. So it may live for good."""
        return signing.Signer(salt=self.salt).sign(str(person.pk))

    def person_of(self, token: str) -> User | None:
        try:
            pk = signing.Signer(salt=self.salt).unsign(token)
        except signing.BadSignature:
            return None
        return User.objects.filter(pk=pk, is_active=True).first()

    def choose(self, person: User, delivery: str) -> None:
        """How it comes from now on. What is no way of delivery – a mail program's own button – stops it."""
        setattr(person, self.column, delivery if delivery in User.Delivery.values else User.Delivery.NONE)
        person.save(update_fields=[self.column])


BULLETINS = Subscription("bulletin_delivery", salt="network.subscriptions.bulletins")


def unsubscribe_page(request: HttpRequest, token: str, subscription: Subscription, template: str) -> HttpResponse:
    """Opening the link changes nothing: mail scanners open links. The button does, and another one takes it back.

    Mail programs press the button, too (RFC 8058), without a token of ours: the signed address is what allows it.
    """
    person = subscription.person_of(token)
    if person is None:
        raise Http404(_("This link is not one of ours. It may have been cut: copy the whole of it from the message."))
    done = request.method == "POST"
    if done:
        subscription.choose(person, request.POST.get("delivery", ""))
    context: dict[str, Any] = {"person": person, "done": done, "choices": User.Delivery}
    response = render(request, template, context)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
