import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.guards import no_identity_code_constraint
from network.transitions import Transitions

from .order import Order, OrderSession
from .profile import ExpertProfile

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from network.models import User


class OfferQuerySet(models.QuerySet["Offer"]):
    def visible_to(self, user: "User | AnonymousUser") -> "OfferQuerySet":
        """To the expert who was asked and to coordinators of expert activity; orderers see them on the order's page."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_expert_coordinator else self.filter(profile__person=user.pk)

    def to_answer(self) -> "OfferQuerySet":
        """Those that wait for the expert."""
        return self.filter(status=Offer.Status.OFFERED)

    def unanswered(self) -> "OfferQuerySet":
        """Neither accepted nor over: the expert's or the orderer's turn."""
        return self.filter(status__in=Offer.UNANSWERED)


class Offer(Transitions):
    """One expert was asked. The profile goes when the expert is erased; `expert_key` stays and tells nobody who it was."""

    class Status(models.TextChoices):
        OFFERED = "offered", gettext_lazy("Asked")
        COUNTERED = "countered", gettext_lazy("Another time proposed")
        ACCEPTED = "accepted", gettext_lazy("Accepted")
        DECLINED = "declined", gettext_lazy("Declined the task")
        LAPSED = "lapsed", gettext_lazy("No longer asked")
        WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")

    UNANSWERED = (Status.OFFERED, Status.COUNTERED)

    class Because(models.TextChoices):
        TIME = "time", gettext_lazy("The time does not suit")
        TOPIC = "topic", gettext_lazy("The topic is not mine")
        PLACE = "place", gettext_lazy("The place is too far")
        TERMS = "terms", gettext_lazy("Fee or costs do not suit")
        NOT_NOW = "not-now", gettext_lazy("It does not suit me just now")
        OTHER = "other", gettext_lazy("Another reason")

    order = models.ForeignKey(Order, models.CASCADE, related_name="offers", verbose_name=gettext_lazy("order"))
    profile = models.ForeignKey(
        ExpertProfile, models.SET_NULL, null=True, related_name="offers", verbose_name=gettext_lazy("expert")
    )
    expert_key = models.UUIDField(gettext_lazy("key of the expert"))
    status = models.CharField(
        gettext_lazy("state"), max_length=10, choices=Status.choices, default=Status.OFFERED, editable=False
    )
    slot = models.PositiveSmallIntegerField(gettext_lazy("first or second expert"), null=True, editable=False)
    offered_at = models.DateTimeField(gettext_lazy("asked"), default=timezone.now)
    turn_since = models.DateTimeField(gettext_lazy("waits since"), default=timezone.now, editable=False)
    answered_at = models.DateTimeField(gettext_lazy("first answered"), null=True, editable=False)
    answered_for_her = models.BooleanField(
        gettext_lazy("the coordinator answered for the expert"), default=False, editable=False
    )
    reminded_at = models.DateTimeField(gettext_lazy("reminded"), null=True, editable=False)
    escalated_at = models.DateTimeField(gettext_lazy("the coordinator was told"), null=True, editable=False)
    because = models.CharField(gettext_lazy("why declined"), max_length=10, choices=Because.choices, blank=True)
    reason = models.CharField(gettext_lazy("reason"), max_length=500, blank=True)
    waives_fee = models.BooleanField(gettext_lazy("without a fee, by the expert's own choice"), default=False)
    travel_minutes = models.PositiveSmallIntegerField(
        gettext_lazy("travel, one way (minutes)"), default=0, validators=[MaxValueValidator(600)],
        help_text=gettext_lazy("So much is kept free before and after."),
    )  # fmt: skip

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("request to an expert")
        verbose_name_plural = gettext_lazy("requests to experts")
        ordering = ("offered_at", "pk")
        indexes = [models.Index(fields=["status", "turn_since"], name="offer_by_turn")]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "expert_key"], name="an_expert_is_asked_once_for_an_order",
                violation_error_message=gettext_lazy("This expert has been asked already."),
            ),
            models.UniqueConstraint(
                fields=["order", "slot"], condition=Q(status="accepted"), name="the_first_who_accepts_has_the_task",
                violation_error_message=gettext_lazy("Somebody else was faster."),
            ),
            models.CheckConstraint(
                condition=Q(status="accepted", slot__in=[1, 2]) | (~Q(status="accepted") & Q(slot__isnull=True)),
                name="only_an_accepted_offer_has_a_slot",
            ),
            models.CheckConstraint(
                condition=Q(because="") | Q(status="declined"), name="only_a_declined_offer_has_a_reason_of_the_list"
            ),
            no_identity_code_constraint("reason", name="no_identity_code_in_an_offer"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.expert_name} – {self.get_status_display()}"

    @property
    def expert_name(self) -> str:
        """The shown name; “expert” when the profile has gone."""
        return self.profile.shown_name if self.profile else _("expert")

    @property
    def is_unanswered(self) -> bool:
        return self.status in self.UNANSWERED

    def occupied(self, starts_at: dt.datetime, ends_at: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
        """The session with the way there and back."""
        way = dt.timedelta(minutes=self.travel_minutes)
        return (starts_at - way, ends_at + way)


class CounterProposal(models.Model):
    """Another time, by the expert or by the orderer. Times of one round were proposed together."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="proposals", verbose_name=gettext_lazy("request"))
    by = models.CharField(gettext_lazy("by"), max_length=12, choices=Order.Party.choices)
    round = models.PositiveSmallIntegerField(gettext_lazy("round"), default=1)
    starts_at = models.DateTimeField(gettext_lazy("starts"))
    ends_at = models.DateTimeField(gettext_lazy("ends"))
    proposed_at = models.DateTimeField(gettext_lazy("proposed"), default=timezone.now)
    taken_at = models.DateTimeField(gettext_lazy("taken"), null=True, editable=False)

    class Meta:
        verbose_name = gettext_lazy("proposed time")
        verbose_name_plural = gettext_lazy("proposed times")
        ordering = ("round", "starts_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="a_proposed_time_ends_after_it_starts",
                violation_error_message=gettext_lazy("The end is before the start."),
            ),
            models.UniqueConstraint(
                fields=["offer", "round", "starts_at"], name="a_round_has_a_time_once",
                violation_error_message=gettext_lazy("The same time is there twice."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"


class Engagement(models.Model):
    """An accepted expert at a session. Two of one expert never overlap, the way there and back included."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="engagements", verbose_name=gettext_lazy("request"))
    session = models.ForeignKey(
        OrderSession, models.CASCADE, related_name="engagements", verbose_name=gettext_lazy("session")
    )
    slot = models.PositiveSmallIntegerField(gettext_lazy("first or second expert"))
    expert_key = models.UUIDField(gettext_lazy("key of the expert"))
    occupied = DateTimeRangeField(gettext_lazy("occupied, with travel"))

    class Meta:
        verbose_name = gettext_lazy("engagement")
        verbose_name_plural = gettext_lazy("engagements")
        ordering = ("session", "slot")
        constraints = [
            ExclusionConstraint(
                name="an_expert_is_in_one_place_at_a_time",
                expressions=[("expert_key", RangeOperators.EQUAL), ("occupied", RangeOperators.OVERLAPS)],
                violation_error_message=gettext_lazy("The expert has agreed to another task at the same time."),
            ),
            models.UniqueConstraint(fields=["session", "slot"], name="a_session_has_each_of_its_experts_once"),
            models.CheckConstraint(condition=Q(slot__in=[1, 2]), name="an_engagement_has_a_slot"),
        ]

    def __str__(self) -> str:
        return f"{self.session} – {self.slot}"


class FeeState(Transitions):
    """What an accepted expert is paid for an order: agreed → done → reported → paid. No tax card, bank or identity data."""

    class Status(models.TextChoices):
        AGREED = "agreed", gettext_lazy("Agreed")
        DONE = "done", gettext_lazy("Done")
        REPORTED = "reported", gettext_lazy("Reported to the payer")
        PAID = "paid", gettext_lazy("Paid")
        VOID = "void", gettext_lazy("Not to be paid")

    offer = models.OneToOneField(Offer, models.CASCADE, related_name="fee", verbose_name=gettext_lazy("request"))
    status = models.CharField(
        gettext_lazy("state"), max_length=10, choices=Status.choices, default=Status.AGREED, editable=False
    )
    amount = models.DecimalField(gettext_lazy("fee (€)"), max_digits=7, decimal_places=2)
    is_waived = models.BooleanField(gettext_lazy("waived by the expert"), default=False)
    travel = models.DecimalField(gettext_lazy("travel (€)"), max_digits=7, decimal_places=2, default=0)
    meals = models.DecimalField(gettext_lazy("meals (€)"), max_digits=7, decimal_places=2, default=0)
    agreed_at = models.DateTimeField(gettext_lazy("agreed"), default=timezone.now)
    done_at = models.DateTimeField(gettext_lazy("done"), null=True, blank=True)
    reported_at = models.DateTimeField(gettext_lazy("reported"), null=True, blank=True)
    paid_at = models.DateTimeField(gettext_lazy("paid"), null=True, blank=True)

    class Meta:
        verbose_name = gettext_lazy("fee of an expert")
        verbose_name_plural = gettext_lazy("fees of experts")
        ordering = ("agreed_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0, travel__gte=0, meals__gte=0), name="money_is_not_below_nothing",
                violation_error_message=gettext_lazy("A sum cannot be below nothing."),
            ),
            models.CheckConstraint(condition=Q(is_waived=False) | Q(amount=0), name="a_waived_fee_is_nothing"),
            models.CheckConstraint(
                condition=~Q(status="paid") | Q(paid_at__isnull=False), name="a_paid_fee_has_its_date"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.amount} € – {self.get_status_display()}"


class OrderMessage(models.Model):
    """Between the parties. With an offer: the orderer and that expert. Without: the orderer and the coordinator."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="messages", verbose_name=gettext_lazy("order"))
    offer = models.ForeignKey(
        Offer, models.CASCADE, null=True, blank=True, related_name="messages", verbose_name=gettext_lazy("request")
    )
    side = models.CharField(gettext_lazy("from"), max_length=12, choices=Order.Party.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=gettext_lazy("written by"),
    )  # fmt: skip
    body = models.TextField(gettext_lazy("message"), max_length=3000)
    at = models.DateTimeField(gettext_lazy("time"), default=timezone.now)

    class Meta:
        verbose_name = gettext_lazy("message of an order")
        verbose_name_plural = gettext_lazy("messages of orders")
        ordering = ("at", "pk")
        constraints = [no_identity_code_constraint("body", name="no_identity_code_in_an_order_s_message")]

    def __str__(self) -> str:
        return f"{self.get_side_display()} {self.at:%Y-%m-%d}"
