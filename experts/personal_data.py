"""The kinds of personal data of expert activity; see `network.personal_data`."""

from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from network.models import User
from network.personal_data import GONE, PUBLIC_INTEREST, TAKEN_OUT, Kind, add, clear, delete, leave, of_model

from . import forgetting
from .models import (
    Consent,
    ExpertProfile,
    FeeState,
    Offer,
    Order,
    OrderMessage,
    ProfileFormat,
    ProfilePicture,
    ProfileView,
    Training,
    Unavailable,
)

CONSENT = _("The expert's explicit consent")


def consents_of(person: User) -> QuerySet[Consent]:
    keys = ExpertProfile.objects.filter(person=person).values("key")
    return Consent.objects.filter(expert_key__in=keys)


def of_part(code: str, title: Any, model: type[Model], *fields: str) -> Kind:
    """What hangs on the profile and goes with it."""
    return of_model(
        code, title=title, model=model, fields=fields,
        of=lambda person: model._default_manager.filter(profile__person=person), erase=leave, fate=GONE,
        why=_("So that experience experts can be asked"), basis=CONSENT,
        how_long=_("Until the expert takes the consent back"), kept_from_desk=True,
    )  # fmt: skip


add(
    of_model(
        "expert-profile",
        kept_from_desk=True,
        title=_("Your profile as an experience expert"),
        model=ExpertProfile,
        fields=(
            "shown_name", "title", "introduction", "speaks_of", "will_not_speak_of", "themes", "task_types",
            "municipalities", "is_remote", "languages", "may_record", "may_photograph", "company", "is_paused",
            "shown_to", "created_at",
        ),
        of=lambda person: ExpertProfile.objects.filter(person=person),
        erase=forgetting.erase_expert,
        fate=GONE,
        why=_("So that experience experts can be asked"),
        basis=CONSENT,
        how_long=_("Until the expert takes the consent back"),
    ),
    of_model(
        "expert-consents",
        kept_from_desk=True,
        title=_("Your consents as an experience expert"),
        model=Consent,
        fields=("scope", "is_given", "text", "version", "how", "signed_on", "at"),
        of=consents_of,
        erase=leave,
        fate=_("They stay without a name, on a key that leads to nobody any more."),
        why=_("To show that consent was given"),
        basis=PUBLIC_INTEREST,
        how_long=_("For good, without a name"),
    ),
    of_part("expert-trainings", _("Your trainings as an experience expert"), Training, "course", "organiser", "year"),
    of_part("expert-formats", _("What you give as an experience expert"), ProfileFormat, "format", "minutes"),
    of_part("expert-days-away", _("Days when you cannot come"), Unavailable, "first_day", "last_day"),
    of_part("expert-picture", _("Your picture as an experience expert"), ProfilePicture, "alt_text", "updated_at"),
    of_model(
        "profile-opened",
        kept_from_desk=True,
        title=_("Who has opened your profile as an experience expert"),
        model=ProfileView,
        fields=("viewer", "day"),
        of=lambda person: ProfileView.objects.filter(profile__person=person),
        erase=leave,
        fate=GONE,
        why=_("So that an expert sees who has opened the profile"),
        basis=CONSENT,
        rules=("profile-views",),
    ),
    of_model(
        "profile-views",
        title=_("Experts' profiles that you have opened"),
        model=ProfileView,
        fields=("at",),  # not whose: it may be hidden from the person by now
        of=lambda person: ProfileView.objects.filter(viewer=person),
        erase=delete,
        fate=GONE,
        why=_("So that an expert sees who has opened the profile"),
        basis=CONSENT,
        rules=("profile-views",),
    ),
    of_model(
        "expert-requests",
        kept_from_desk=True,
        title=_("What you were asked as an experience expert"),
        model=Offer,
        fields=("order", "status", "offered_at", "answered_at", "because", "reason", "waives_fee"),
        of=lambda person: Offer.objects.filter(profile__person=person),
        erase=clear(reason=""),
        fate=TAKEN_OUT,
        why=_("So that experience experts can be asked"),
        basis=CONSENT,
        rules=("expert-orders",),
    ),
    of_model(
        "expert-fees",
        kept_from_desk=True,
        title=_("Your fees as an experience expert"),
        model=FeeState,
        fields=("offer", "amount", "travel", "meals", "is_waived", "status", "paid_at"),
        of=lambda person: FeeState.objects.filter(offer__profile__person=person),
        erase=leave,
        fate=TAKEN_OUT,
        why=_("So that what was agreed is paid"),
        basis=PUBLIC_INTEREST,
        rules=("expert-orders",),
    ),
    of_model(
        "expert-orders",
        title=_("Orders of experience experts that you made"),
        model=Order,
        fields=(
            "topic", "task_type", "organisation", "contact_name", "contact_email", "contact_phone", "place", "hopes",
            "status", "created_at",
        ),
        of=lambda person: Order.objects.filter(ordered_by=person),
        erase=forgetting.erase_orderer,
        fate=_("Those under way are cancelled. What the figures count stays without you."),
        why=_("So that experience experts can be asked"),
        basis=PUBLIC_INTEREST,
        rules=("expert-orders",),
    ),
    of_model(
        "expert-order-messages",
        title=_("What you wrote to the other side of an order"),
        model=OrderMessage,
        fields=("order", "side", "body", "at"),
        of=lambda person: OrderMessage.objects.filter(author=person),
        erase=clear(author=None, body="–"),
        fate=TAKEN_OUT,
        why=_("So that experience experts can be asked"),
        basis=PUBLIC_INTEREST,
        rules=("expert-orders",),
    ),
)  # fmt: skip
