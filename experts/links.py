"""The personal link of an orderer without an account: signed, and known again by a key that can be changed."""

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from .models import Order

SALT = "experts.order"


def token_of(order: Order) -> str:
    return signing.dumps([order.pk, order.contact_key.hex], salt=SALT)


def order_of(token: str) -> Order | None:
    """The order whose link this is; None when it is not whole, or its key was changed."""
    try:
        pk, key = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Order.objects.filter(pk=pk, contact_key=key).exclude(contact_email="").first()


def personal_link(order: Order) -> str:
    with translation.override(order.contact_language):
        return settings.SITE_URL + reverse("experts:order_by_link", args=[token_of(order)])
