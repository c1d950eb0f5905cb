"""The kinds of personal data of expert activity; see `network.personal_data`."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from network.models import User
from network.personal_data import GONE, PUBLIC_INTEREST, TAKEN_OUT, add, clear, delete, leave, of_model

from . import forgetting
from .models import Consent, ExpertProfile, FeeState, Offer, Order, OrderMessage, ProfileView

CONSENT = _("The expert's explicit consent")


def consents_of(person: User) -> QuerySet[Consent]:
    keys = ExpertProfile.objects.filter(person=person).values("key")
    return Consent.objects.filter(expert_key__in=keys)


add(
    of_model(
        "expert-profile",
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
    of_model(
        "profile-views",
        title=_("Experts' profiles that you have opened"),
        model=ProfileView,
        fields=("profile", "at"),
        of=lambda person: ProfileView.objects.filter(viewer=person),
        erase=delete,
        fate=GONE,
        why=_("So that an expert sees who has opened the profile"),
        basis=CONSENT,
        rules=("profile-views",),
    ),
    of_model(
        "expert-requests",
        title=_("What you were asked as an experience expert"),
        model=Offer,
        fields=("order", "status", "offered_at", "answered_at", "reason", "waives_fee"),
        of=lambda person: Offer.objects.filter(profile__person=person),
        erase=clear(reason=""),
        fate=TAKEN_OUT,
        why=_("So that experience experts can be asked"),
        basis=CONSENT,
        rules=("expert-orders",),
    ),
    of_model(
        "expert-fees",
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
