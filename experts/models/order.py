import datetime as dt
import uuid
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.models import AgendaItem
from network.guards import no_identity_code_constraint
from network.models import Municipality, Organisation, User
from network.models.organisation import Sector
from network.transitions import Transitions
from services.models import Language, Service

from .guide import FeeModelVersion, GuideVersion
from .profile import ExpertProfile
from .terms import ExpertTheme, Occasion, TalkFormat, TaskType

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from .offer import OfferQuerySet


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, user: "User | AnonymousUser") -> "OrderQuerySet":
        """One's own, those in which one was asked, and all to coordinators of expert activity."""
        if not user.is_authenticated:
            return self.none()
        if user.is_expert_coordinator:
            return self
        from .offer import Offer

        asked = Offer.objects.filter(order=OuterRef("pk"), profile__person=user.pk)
        return self.filter(Q(ordered_by=user) | Exists(asked))

    def under_way(self) -> "OrderQuerySet":
        return self.filter(status__in=Order.UNDER_WAY)

    def over(self) -> "OrderQuerySet":
        return self.exclude(status__in=Order.UNDER_WAY)


class Order(Transitions):
    """Somebody asks for an experience expert. Verbs in `experts.orders`, `experts.answers` and `experts.endings`.

    `contact_*` are the guest's own, or of the colleague whom a contact person orders for; empty when the orderer is
    met. The fee, travel, meals and payer are what acceptance agrees to.
    """

    class Status(models.TextChoices):
        REVIEW = "in-review", gettext_lazy("To be reviewed")
        OPEN = "open", gettext_lazy("Open")
        OFFERED = "offered", gettext_lazy("Asked of experts")
        ACCEPTED = "accepted", gettext_lazy("Agreed")
        DONE = "done", gettext_lazy("Done")
        NOT_HELD = "not-held", gettext_lazy("Not held")
        CANCELLED = "cancelled", gettext_lazy("Cancelled")

    UNDER_WAY = (Status.REVIEW, Status.OPEN, Status.OFFERED, Status.ACCEPTED)

    class Place(models.TextChoices):
        PLACE = "place", gettext_lazy("At a place")
        REMOTE = "remote", gettext_lazy("Remotely")
        EITHER = "either", gettext_lazy("Either will do")

    class Party(models.TextChoices):
        ORDERER = "orderer", gettext_lazy("the orderer")
        EXPERT = "expert", gettext_lazy("the expert")
        COORDINATOR = "coordinator", gettext_lazy("the coordinator")

    status = models.CharField(
        gettext_lazy("state"), max_length=10, choices=Status.choices, default=Status.OPEN, editable=False
    )
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="expert_orders",
        verbose_name=gettext_lazy("ordered by"),
    )  # fmt: skip
    contact_name = models.CharField(gettext_lazy("name"), max_length=150, blank=True)
    contact_email = models.EmailField(gettext_lazy("e-mail address"), blank=True)
    contact_phone = models.CharField(gettext_lazy("telephone"), max_length=30, blank=True)
    contact_language = models.CharField(
        gettext_lazy("language of the contact"), max_length=2, choices=settings.LANGUAGES, default="fi"
    )
    contact_key = models.UUIDField(gettext_lazy("key of the personal link"), default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="expert_orders",
        verbose_name=gettext_lazy("organisation"),
    )  # fmt: skip
    organisation_name = models.CharField(
        gettext_lazy("organisation, when it is not in the network"), max_length=150, blank=True
    )
    sector = models.CharField(gettext_lazy("sector"), max_length=10, choices=Sector.choices, default=Sector.OTHER)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=gettext_lazy("municipality"),
    )  # fmt: skip

    task_type = models.ForeignKey(
        TaskType, models.PROTECT, related_name="orders", verbose_name=gettext_lazy("type of task")
    )
    format = models.ForeignKey(
        TalkFormat, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=gettext_lazy("format")
    )
    minutes = models.PositiveSmallIntegerField(
        gettext_lazy("length (minutes)"), default=45, validators=[MinValueValidator(5), MaxValueValidator(600)]
    )
    occasion = models.ForeignKey(
        Occasion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=gettext_lazy("occasion")
    )
    is_peer_support = models.BooleanField(
        gettext_lazy("peer support"), default=False,
        help_text=gettext_lazy("The purpose is peer support for those who take part."),
    )  # fmt: skip
    topic = models.CharField(gettext_lazy("topic"), max_length=200)
    themes = models.ManyToManyField(ExpertTheme, blank=True, related_name="orders", verbose_name=gettext_lazy("themes"))
    audience_size = models.PositiveSmallIntegerField(gettext_lazy("how many listeners"), null=True, blank=True)
    hopes = models.TextField(gettext_lazy("what is hoped for"), max_length=2000, blank=True)
    place_kind = models.CharField(gettext_lazy("where"), max_length=10, choices=Place.choices, default=Place.PLACE)
    place = models.CharField(gettext_lazy("place and address"), max_length=300, blank=True)
    accessibility = models.CharField(gettext_lazy("accessibility"), max_length=500, blank=True)
    met_by = models.CharField(gettext_lazy("who meets the expert at the door"), max_length=150, blank=True)
    language = models.ForeignKey(
        Language, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=gettext_lazy("language")
    )
    experts_wanted = models.PositiveSmallIntegerField(
        gettext_lazy("how many experts"), default=1, choices=[(1, gettext_lazy("One")), (2, gettext_lazy("Two"))]
    )
    times_are_sessions = models.BooleanField(
        gettext_lazy("all the times are wanted"), default=False,
        help_text=gettext_lazy("Several sessions of one task. Otherwise the times are alternatives."),
    )  # fmt: skip
    reopens = models.BooleanField(
        gettext_lazy("if all decline, the order stays open"), default=True,
        help_text=gettext_lazy("The coordinator of expert activity may then look for somebody else."),
    )  # fmt: skip
    service = models.ForeignKey(
        Service, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=gettext_lazy("service")
    )
    agenda_item = models.ForeignKey(
        AgendaItem, models.SET_NULL, null=True, blank=True, related_name="expert_orders",
        verbose_name=gettext_lazy("agenda item"),
    )  # fmt: skip
    wished = models.ForeignKey(
        ExpertProfile, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=gettext_lazy("wished expert"),
        help_text=gettext_lazy("Empty: whoever knows the topic."),
    )  # fmt: skip

    fee = models.DecimalField(
        gettext_lazy("fee (€) for one expert"), max_digits=7, decimal_places=2, null=True, blank=True,
        help_text=gettext_lazy("Empty: it is agreed with the coordinator before anybody accepts."),
    )  # fmt: skip
    travel = models.CharField(gettext_lazy("travel costs"), max_length=200, blank=True)
    meals = models.CharField(gettext_lazy("meals"), max_length=200, blank=True)
    payer = models.CharField(gettext_lazy("who pays"), max_length=200, blank=True)
    guide = models.ForeignKey(
        GuideVersion, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=gettext_lazy("operating guide accepted"),
    )  # fmt: skip
    fee_model = models.ForeignKey(
        FeeModelVersion, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=gettext_lazy("fee model accepted"),
    )  # fmt: skip

    created_at = models.DateTimeField(gettext_lazy("ordered"), default=timezone.now, editable=False)
    offered_at = models.DateTimeField(gettext_lazy("first asked of an expert"), null=True, editable=False)
    accepted_at = models.DateTimeField(gettext_lazy("agreed"), null=True, editable=False)
    ended_at = models.DateTimeField(gettext_lazy("ended"), null=True, editable=False)
    ended_by = models.CharField(
        gettext_lazy("cancelled by"), max_length=12, choices=Party.choices, blank=True, editable=False
    )
    reason = models.CharField(gettext_lazy("reason"), max_length=500, blank=True, editable=False)
    version = models.PositiveIntegerField(gettext_lazy("version of what was agreed"), default=0, editable=False)
    anonymised_at = models.DateTimeField(gettext_lazy("anonymised"), null=True, editable=False)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("order")
        verbose_name_plural = gettext_lazy("orders")
        ordering = ("-created_at", "-pk")
        indexes = [
            models.Index(fields=["-created_at"], name="order_newest"),
            models.Index(fields=["status"], name="order_by_status"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(experts_wanted__in=[1, 2]), name="an_order_is_for_one_or_two_experts",
                violation_error_message=gettext_lazy("Ask for one expert or two."),
            ),
            models.CheckConstraint(
                condition=Q(ordered_by__isnull=False)
                | ~Q(contact_email="")
                | Q(status__in=["done", "not-held", "cancelled"]),
                name="an_order_has_somebody_to_answer_to",
                violation_error_message=gettext_lazy("Give an e-mail address."),
            ),
            models.CheckConstraint(
                condition=Q(fee__isnull=True) | Q(fee__gte=0), name="an_order_s_fee_is_not_below_nothing",
                violation_error_message=gettext_lazy("A fee cannot be below nothing."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["accepted", "done"])
                | (Q(fee__isnull=False) & ~Q(travel="") & ~Q(meals="") & ~Q(payer="") & Q(accepted_at__isnull=False)),
                name="fee_travel_meals_and_payer_are_agreed_before_acceptance",
                violation_error_message=gettext_lazy("Fee, travel, meals and payer are agreed before anybody accepts."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["done", "not-held", "cancelled"], ended_at__isnull=False)
                | Q(status__in=["in-review", "open", "offered", "accepted"], ended_at__isnull=True),
                name="an_order_that_is_over_has_its_end",
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(ended_by=""), name="a_cancelled_order_tells_who_cancelled_it"
            ),
            no_identity_code_constraint(
                "contact_name", "contact_phone", "organisation_name", "topic", "hopes", "place", "accessibility",
                "met_by", "travel", "meals", "payer", "reason",
                name="no_identity_code_in_an_order",
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Trigger(
                name="accepted_as_agreed",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("status"),
                timing=pgtrigger.Deferred,
                func="""
                    IF EXISTS (SELECT FROM experts_order WHERE id = NEW.id AND status IN ('accepted', 'done'))
                        AND (
                            NOT EXISTS (SELECT FROM experts_offer WHERE order_id = NEW.id AND status = 'accepted')
                            OR NOT EXISTS (SELECT FROM experts_ordersession WHERE order_id = NEW.id)
                        )
                    THEN
                        RAISE EXCEPTION 'an accepted order has an accepted offer and sessions with times'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'an_accepted_order_has_an_offer_and_times';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.topic or _("Order %(number)s") % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return reverse("experts:order_detail", args=[self.pk])

    @property
    def is_over(self) -> bool:
        return self.status not in self.UNDER_WAY

    def accepted(self) -> "OfferQuerySet":
        """The requests that were accepted, with their experts."""
        offers: OfferQuerySet = self.offers.all()
        return offers.filter(status="accepted").select_related("profile__person").order_by("slot")

    @property
    def terms_are_agreed(self) -> bool:
        """Whether fee, travel, meals and payer are told, so that somebody may accept."""
        return self.fee is not None and bool(self.travel and self.meals and self.payer)

    @property
    def orderer_name(self) -> str:
        """For the parties: whose order it is. Never an address, so it may be empty."""
        return self.contact_name or (self.ordered_by.name if self.ordered_by else "")

    @property
    def body_name(self) -> str:
        return str(self.organisation) if self.organisation else self.organisation_name

    @property
    def needs_asking(self) -> bool:
        """Whether a coordinator has to find somebody to ask: reviewed, not agreed, and nobody is being asked."""
        return self.status == self.Status.OPEN


class TimeWish(models.Model):
    """A time that would do, or days among which one is looked for."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="wishes", verbose_name=gettext_lazy("order"))
    starts_at = models.DateTimeField(gettext_lazy("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(gettext_lazy("ends"), null=True, blank=True)
    first_day = models.DateField(gettext_lazy("not before"), null=True, blank=True)
    last_day = models.DateField(gettext_lazy("not after"), null=True, blank=True)

    class Meta:
        verbose_name = gettext_lazy("wished time")
        verbose_name_plural = gettext_lazy("wished times")
        ordering = (F("starts_at").asc(nulls_last=True), "first_day", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__isnull=False, ends_at__isnull=False, first_day__isnull=True, last_day__isnull=True)
                | Q(starts_at__isnull=True, ends_at__isnull=True, first_day__isnull=False, last_day__isnull=False),
                name="a_wish_is_a_time_or_a_period",
                violation_error_message=gettext_lazy("Give a time, or a first and a last day."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")) | Q(last_day__gte=F("first_day")),
                name="a_wish_ends_after_it_starts",
                violation_error_message=gettext_lazy("The end is before the start."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.starts_at or self.first_day}"

    @property
    def is_period(self) -> bool:
        return self.starts_at is None


class OrderSession(models.Model):
    """A time that was agreed on. An order has one or more."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="sessions", verbose_name=gettext_lazy("order"))
    starts_at = models.DateTimeField(gettext_lazy("starts"))
    ends_at = models.DateTimeField(gettext_lazy("ends"))
    reminded_at = models.DateTimeField(gettext_lazy("reminded"), null=True, editable=False)

    class Meta:
        verbose_name = gettext_lazy("session of an order")
        verbose_name_plural = gettext_lazy("sessions of orders")
        ordering = ("starts_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="an_ordered_session_ends_after_it_starts"
            ),
            models.UniqueConstraint(fields=["order", "starts_at"], name="an_order_has_a_session_once"),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at) / dt.timedelta(minutes=1))
