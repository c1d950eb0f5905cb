"""Who looks at an order: a party sees its own side of it and does what that side may do."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from network.models import User

from . import links, permissions
from .models import ExpertProfile, Offer, Order, OrderMessage


@dataclass
class Party:
    """`user` is None behind a personal link, whose `token` then stands in each address."""

    order: Order
    user: Any  # User, or AnonymousUser behind a link
    is_orderer: bool
    is_coordinator: bool
    offer: Offer | None = None  # the reader's own
    token: str = ""

    @property
    def person(self) -> User | None:
        return self.user if isinstance(self.user, User) else None

    @property
    def manages(self) -> bool:
        """Decides for the orderer."""
        return self.is_orderer or self.is_coordinator

    @property
    def side(self) -> str:
        """On whose side what the reader writes stands: the orderer's or the coordinator's."""
        return Order.Party.ORDERER if self.is_orderer else Order.Party.COORDINATOR

    @property
    def may_call(self) -> bool:
        """The telephone of the day is for who manages the order, and for an expert who comes."""
        comes = self.offer is not None and self.offer.status == Offer.Status.ACCEPTED and not self.order.is_over
        return self.manages or comes

    def url(self, verb: str = "") -> str:
        if self.token:
            return reverse("experts:order_by_link", args=[self.token] + ([verb] if verb else []))
        return reverse(
            "experts:order_act" if verb else "experts:order_detail", args=[self.order.pk] + ([verb] if verb else [])
        )

    def offer_to_answer(self, pk: str) -> Offer:
        """One's own request; for a coordinator the one that was named. PermissionDenied for anybody else."""
        if self.offer and pk in ("", str(self.offer.pk)):
            return self.offer
        if not self.is_coordinator:
            raise PermissionDenied
        return self.offer_named(pk)

    def offer_named(self, pk: str) -> Offer:
        found = next((offer for offer in self.offers() if str(offer.pk) == pk), None)
        if found is None:
            raise Http404
        return found

    def offers(self) -> list[Offer]:
        """The order's requests, all belonging to this very instance of the order."""
        if not hasattr(self, "_offers"):
            rows = self.order.offers.select_related("profile__person", "fee").prefetch_related("proposals")
            self._offers = list(rows)
            for offer in self._offers:
                offer.order = self.order
        return self._offers

    def name_of(self, offer: Offer) -> str:
        """What the reader may know of who was asked: an accepted expert's shown name while the task lasts, and whom she
        may see anyway. Nobody else's."""
        profile = offer.profile
        if profile is None:
            return _("An expert")
        if self.is_coordinator or offer is self.offer:
            return profile.shown_name
        if offer.status == Offer.Status.ACCEPTED and not self.order.is_over:
            return profile.shown_name
        return profile.shown_name if self.may_see(profile) else _("An expert")

    def may_see(self, profile: ExpertProfile) -> bool:
        if not hasattr(self, "_visible"):
            asked = ExpertProfile.objects.filter(offers__order=self.order)
            self._visible = set(asked.visible_to(self.user).values_list("pk", flat=True))
        return profile.pk in self._visible

    def messages(self) -> list[OrderMessage]:
        """One's own threads: an expert's with the orderer, the orderer's with all, everything for a coordinator."""
        rows = OrderMessage.objects.filter(order=self.order).select_related("offer__profile", "author")
        if self.manages:
            return list(rows)
        return list(rows.filter(offer=self.offer))


def party_of(user: Any, pk: int) -> Party:
    """Raises Http404 when the reader has no part in the order."""
    orders = Order.objects.visible_to(user).select_related(
        "ordered_by", "organisation", "municipality", "task_type", "format", "occasion", "language", "service", "guide",
        "fee_model", "wished",
    )  # fmt: skip
    order = orders.filter(pk=pk).first()
    if order is None:
        raise Http404
    party = Party(order, user, permissions.is_orderer(user, order), permissions.is_expert_coordinator(user))
    party.offer = next((one for one in party.offers() if one.profile and one.profile.person_id == user.pk), None)
    return party


def party_by_link(token: str, user: Any) -> Party:
    """Whoever has the personal link stands on the orderer's side, and nowhere else. Raises Http404."""
    order = links.order_of(token)
    if order is None:
        raise Http404(_("This link is not complete. Copy the whole address from the message."))
    return Party(order, user, is_orderer=True, is_coordinator=False, token=token)
