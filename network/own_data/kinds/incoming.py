"""What came in without signing in: from the person's address, and what she handled."""

from typing import Any

from django.apps import apps
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from network.models import Incoming
from network.personal_data import PUBLIC_INTEREST, TAKEN_OUT, add, clear, of_model


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
