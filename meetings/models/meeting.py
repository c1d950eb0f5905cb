import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.guards import no_identity_code_constraint
from network.models import Membership, Municipality, User

from .choices import Form, MeetingKind
from .group import Group, GroupMembership
from .series import MeetingSeries
from .theme import MeetingTheme

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def new_uid() -> str:
    """One for the meeting's whole life: calendars know it by this."""
    return f"{uuid.uuid4()}@{urlsplit(settings.SITE_URL).hostname}"


def two_days() -> list[int]:
    return [2]


def a_week() -> list[int]:
    return [7]


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def published(self) -> "MeetingQuerySet":
        return self.filter(published_at__isnull=False)

    def standing(self) -> "MeetingQuerySet":
        return self.filter(cancelled_at__isnull=True)

    def upcoming(self, now: dt.datetime | None = None) -> "MeetingQuerySet":
        """Not over yet, the next first."""
        now = now or timezone.now()
        day = timezone.localdate(now)
        return self.filter(Q(ends_at__gt=now) | Q(ends_at__isnull=True, last_day__gte=day)).order_by(
            "first_day", "starts_at", "pk"
        )

    def past(self, now: dt.datetime | None = None) -> "MeetingQuerySet":
        """Over, also those that nobody knows the day of, the newest first."""
        now = now or timezone.now()
        day = timezone.localdate(now)
        over = Q(ends_at__lte=now) | Q(ends_at__isnull=True, last_day__lt=day) | Q(precision=Meeting.Precision.TEXT)
        return self.filter(over).order_by(F("last_day").desc(nulls_last=True), "-starts_at", "-pk")

    def held(self, now: dt.datetime | None = None) -> "MeetingQuerySet":
        return self.past(now).standing()

    def trainings(self) -> "MeetingQuerySet":
        return self.filter(kind=MeetingKind.TRAINING)

    def organised_by(self, user: "User | AnonymousUser") -> "MeetingQuerySet":
        """Those whose agenda and minutes the person writes: named for the meeting or for its group; all for a coordinator."""
        if not user.is_authenticated:
            return self.none()
        if user.is_coordinator:
            return self
        named = Meeting.organisers.through.objects.filter(meeting_id=OuterRef("pk"), user_id=user.pk)
        of_group = GroupMembership.objects.current().filter(group=OuterRef("group"), person=user.pk, is_organiser=True)
        return self.filter(Exists(named) | Exists(of_group))

    def visible_to(self, user: "User | AnonymousUser") -> "MeetingQuerySet":
        """Published public ones for all; those of the network and of open groups for members; those of one's own groups,
        those one is asked to; drafts for organisers; everything for a coordinator. One query."""
        public = Q(published_at__isnull=False, is_public=True)
        if not user.is_authenticated:
            return self.filter(public)
        if user.is_coordinator:
            return self
        from .participation import Participation

        member = Exists(Membership.objects.current().filter(person=user.pk))
        open_to_members = Q(group__is_open=True) | Q(group__kind=Group.Kind.NETWORK)
        belongs = Exists(GroupMembership.objects.current().filter(group=OuterRef("group"), person=user.pk))
        asked = Exists(Participation.objects.filter(meeting=OuterRef("pk"), person=user.pk))
        seen = Q(published_at__isnull=False) & (Q(open_to_members) & Q(member) | Q(belongs) | Q(asked))
        return self.filter(public | seen | Q(pk__in=Meeting.objects.organised_by(user).values("pk")))


class Meeting(models.Model):
    """Something people come together for, ahead of them or in the archive. Its dates tell its state:

    a draft has no `published_at` and no `invited_at`; it is held when its end has passed; `cancelled_at` says the rest.
    """

    Kind = MeetingKind
    Form = Form

    class Precision(models.TextChoices):
        EXACT = "exact", _("Exact times")
        DAY = "day", _("A day")
        MONTH = "month", _("A month")
        SEASON = "season", _("A season")
        YEAR = "year", _("A year")
        RANGE = "range", _("From a day to a day")
        TEXT = "text", _("Not known, told in words")

    kind = models.CharField(_("kind"), max_length=12, choices=MeetingKind.choices, default=MeetingKind.NETWORK)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("what it is about"), max_length=10000, blank=True)
    group = models.ForeignKey(Group, models.PROTECT, related_name="meetings", verbose_name=_("group"))
    series = models.ForeignKey(
        MeetingSeries, models.SET_NULL, null=True, blank=True, related_name="meetings", verbose_name=_("series of meetings")
    )  # fmt: skip
    themes = models.ManyToManyField(MeetingTheme, blank=True, related_name="meetings", verbose_name=_("themes"))
    organisers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="organised_meetings", verbose_name=_("organisers"),
        help_text=_("They prepare the agenda and write the minutes, beside the coordinator."),
    )  # fmt: skip

    # When
    precision = models.CharField(_("how exactly the time is known"), max_length=6, choices=Precision.choices, default=Precision.EXACT)  # fmt: skip
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    first_day = models.DateField(_("first day"), null=True, blank=True, help_text=_("Follows from the times where they are known."))  # fmt: skip
    last_day = models.DateField(_("last day"), null=True, blank=True)
    time_text = models.CharField(
        _("time in words"), max_length=150, blank=True, help_text=_("Such as “spring 2023”; shown instead of the days.")
    )

    # Where
    form = models.CharField(_("how people meet"), max_length=8, choices=Form.choices, blank=True, default=Form.ONLINE)
    join_link = models.URLField(
        _("link for joining"), max_length=1000, blank=True, help_text=_("Only those who are invited get to see it.")
    )
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    address = models.CharField(_("street address"), max_length=200, blank=True)
    municipality = models.ForeignKey(
        Municipality, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("municipality")
    )
    accessibility = models.TextField(_("accessibility of the venue"), max_length=2000, blank=True)
    catering = models.TextField(_("catering"), max_length=1000, blank=True)
    travel = models.TextField(_("how to get there"), max_length=2000, blank=True)

    # For whom
    audience = models.CharField(_("for whom"), max_length=300, blank=True)
    is_public = models.BooleanField(_("public"), default=False, help_text=_("Everybody sees it and its public items."))
    open_to_non_members = models.BooleanField(
        _("open to others than members"), default=False, help_text=_("Anybody may register, without an account.")
    )
    capacity = models.PositiveIntegerField(
        _("places"), null=True, blank=True, help_text=_("Those who come after the places are full wait in line.")
    )
    registration_until = models.DateTimeField(_("registration until"), null=True, blank=True)
    proposals_until = models.DateTimeField(_("items are proposed until"), null=True, blank=True)
    reminds_days_before = ArrayField(
        models.PositiveSmallIntegerField(), default=two_days, blank=True, verbose_name=_("reminders to participants, days before")
    )  # fmt: skip
    reminds_speakers_days_before = ArrayField(
        models.PositiveSmallIntegerField(), default=a_week, blank=True, verbose_name=_("reminders to speakers, days before")
    )  # fmt: skip

    # What has been done
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    invited_at = models.DateTimeField(_("invited"), null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=500, blank=True, editable=False)
    uid = models.CharField(_("name in calendars"), max_length=300, unique=True, default=new_uid, editable=False)
    sequence = models.PositiveIntegerField(_("changes that matter to a calendar"), default=0, editable=False)
    told_version = models.PositiveIntegerField(_("messages told"), default=0, editable=False)
    told = models.JSONField(_("what was told last"), default=dict, blank=True, editable=False)
    summary_sent_at = models.DateTimeField(_("summary sent to absentees"), null=True, blank=True, editable=False)

    # How it went, without names
    headcount = models.PositiveIntegerField(
        _("how many took part"), null=True, blank=True, help_text=_("Where nobody was marked by name, such as in the archive.")
    )  # fmt: skip
    decision_makers = models.PositiveIntegerField(_("decision makers among them"), null=True, blank=True)
    experts = models.PositiveIntegerField(_("experience experts among them"), null=True, blank=True)
    source = models.CharField(_("where this is known from"), max_length=300, blank=True)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("created by")
    )  # fmt: skip
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="copies", verbose_name=_("copied from")
    )  # fmt: skip
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = (F("first_day").desc(nulls_last=True), "-starts_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=~Q(precision="exact") | Q(starts_at__isnull=False, ends_at__isnull=False),
                name="a_meeting_with_exact_times_has_them", violation_error_message=_("Give the start and the end."),
            ),
            models.CheckConstraint(
                condition=Q(precision="exact") | Q(starts_at__isnull=True, ends_at__isnull=True),
                name="a_meeting_with_times_is_known_exactly",
                violation_error_message=_("Times of the day belong to a meeting whose time is known exactly."),
            ),
            models.CheckConstraint(
                condition=Q(precision="text") | Q(first_day__isnull=False, last_day__isnull=False),
                name="a_meeting_has_days_or_words_for_them", violation_error_message=_("Give the first and the last day."),
            ),
            models.CheckConstraint(
                condition=~Q(precision="text") | ~Q(time_text=""), name="an_unknown_time_is_told_in_words",
                violation_error_message=_("Tell the time in words."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")) | Q(ends_at__isnull=True), name="a_meeting_ends_after_it_starts",
                violation_error_message=_("The end is before the start."),
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")) | Q(last_day__isnull=True), name="a_meetings_days_are_in_order",
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                condition=Q(invited_at__isnull=True) | Q(published_at__isnull=False, precision="exact"),
                name="only_a_published_meeting_with_times_is_invited_to",
            ),
            no_identity_code_constraint(
                "title", "description", "time_text", "venue", "address", "accessibility", "catering", "travel", "audience",
                "cancel_reason", "source", name="no_identity_code_in_a_meeting",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["-first_day"], name="meeting_by_day"),
            models.Index(fields=["ends_at"], name="meeting_by_end"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:detail", args=[self.pk])

    def clean(self) -> None:
        self.keep_days()
        if (
            self.precision == self.Precision.EXACT
            and self.starts_at
            and self.ends_at
            and self.ends_at <= self.starts_at
        ):
            raise ValidationError({"ends_at": _("The end is before the start.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.keep_days()
        fields = kwargs.get("update_fields")
        if fields is not None and {"starts_at", "ends_at"} & set(fields):
            kwargs["update_fields"] = {*fields, "first_day", "last_day"}
        super().save(*args, **kwargs)

    def keep_days(self) -> None:
        """The days follow from exact times, in the network's own time zone."""
        if self.precision == self.Precision.EXACT and self.starts_at and self.ends_at:
            self.first_day, self.last_day = timezone.localdate(self.starts_at), timezone.localdate(self.ends_at)

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def is_over(self) -> bool:
        if self.ends_at:
            return self.ends_at <= timezone.now()
        return self.last_day is None or self.last_day < timezone.localdate()

    @property
    def wants_agenda(self) -> bool:
        """An informal coffee has neither agenda nor minutes."""
        return self.kind != MeetingKind.COFFEE

    @property
    def is_online(self) -> bool:
        return self.form in {Form.ONLINE, Form.HYBRID}

    @property
    def is_on_site(self) -> bool:
        return self.form in {Form.ON_SITE, Form.HYBRID}
