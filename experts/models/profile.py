import datetime as dt
import secrets
import uuid
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.guards import no_identity_code_constraint
from network.models import Membership, Municipality, User
from services.models import Language

from .terms import ExpertTheme, TalkFormat, TaskType

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def new_address() -> str:
    """A random part of an address: it tells nothing of the person, also when the shown name changes."""
    return "".join(secrets.choice(LETTERS) for _number in range(10))


class ExpertProfileQuerySet(models.QuerySet["ExpertProfile"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ExpertProfileQuerySet":
        """Public ones to all, those shown to members to members, one's own, and all to coordinators of the activity.

        A closed one, whose consent has been withdrawn, to nobody.
        """
        self = self.filter(closed_at__isnull=True)
        public = Q(shown_to=ExpertProfile.ShownTo.PUBLIC)
        if not user.is_authenticated:
            return self.filter(public)
        if user.is_expert_coordinator:
            return self
        for_members = Q(shown_to=ExpertProfile.ShownTo.MEMBERS)
        if not user.is_coordinator:  # who is a member like any other
            for_members = Q(for_members, Exists(Membership.objects.current().filter(person=user.pk)))
        return self.filter(public | for_members | Q(person=user))

    def taking_requests(self) -> "ExpertProfileQuerySet":
        return self.filter(is_paused=False, closed_at__isnull=True)

    def free_on(self, day: dt.date) -> "ExpertProfileQuerySet":
        """Without those who have told that they are away that day."""
        away = Unavailable.objects.filter(profile=OuterRef("pk"), first_day__lte=day, last_day__gte=day)
        return self.filter(~Exists(away))


class ExpertProfile(models.Model):
    """An experience expert in her own words. `key` stands for her wherever rows outlive the profile.

    A consent to keep it comes before it is saved, and `shown_to` never goes beyond the consents that are in force: the
    database holds both. Without a person a coordinator of expert activity keeps it and answers for the expert.
    """

    class ShownTo(models.TextChoices):
        COORDINATORS = "coordinators", _("Coordinators of expert activity only")
        MEMBERS = "members", _("Members of the network")
        PUBLIC = "public", _("Everyone")

    class Company(models.TextChoices):
        EITHER = "either", _("Alone or with another expert")
        ALONE = "alone", _("Alone")
        PAIR = "pair", _("With another expert only")

    key = models.UUIDField(_("key"), unique=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(_("address"), max_length=20, unique=True, default=new_address, editable=False)
    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="expert_profile",
        verbose_name=_("person"),
        help_text=_("Empty for an expert without an account: a coordinator of expert activity answers for her."),
    )  # fmt: skip
    reached_by = models.CharField(
        _("how the coordinator reaches the expert"), max_length=200, blank=True,
        help_text=_("For an expert without an account. Only coordinators of expert activity see it."),
    )  # fmt: skip
    shown_to = models.CharField(
        _("who sees the profile"), max_length=12, choices=ShownTo.choices, default=ShownTo.COORDINATORS, editable=False
    )
    shown_name = models.CharField(
        _("shown name"), max_length=100, help_text=_("May be your first name or another name that you choose.")
    )
    title = models.CharField(_("title"), max_length=60, default="kokemusasiantuntija")
    introduction = models.TextField(_("in my own words"), max_length=3000, blank=True)
    speaks_of = models.TextField(_("what I can speak of"), max_length=3000, blank=True)
    will_not_speak_of = models.TextField(_("what I will not speak of"), max_length=2000, blank=True)
    themes = models.ManyToManyField(ExpertTheme, blank=True, related_name="profiles", verbose_name=_("themes"))
    task_types = models.ManyToManyField(TaskType, blank=True, related_name="profiles", verbose_name=_("tasks"))
    municipalities = models.ManyToManyField(
        Municipality, blank=True, related_name="expert_profiles", verbose_name=_("municipalities"),
        help_text=_("None ticked: the whole region."),
    )  # fmt: skip
    is_remote = models.BooleanField(_("also remotely"), default=False)
    languages = models.ManyToManyField(
        Language, blank=True, related_name="expert_profiles", verbose_name=_("languages")
    )
    may_record = models.BooleanField(_("may be recorded"), default=False)
    may_photograph = models.BooleanField(_("may be photographed"), default=False)
    company = models.CharField(
        _("alone or with a pair"), max_length=10, choices=Company.choices, default=Company.EITHER
    )
    is_paused = models.BooleanField(_("takes no requests just now"), default=False)
    closed_at = models.DateTimeField(
        _("closed"), null=True, blank=True, editable=False,
        help_text=_("Consent has been withdrawn. Only the shown name is left, until the agreed tasks are over."),
    )  # fmt: skip
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ExpertProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("expert's profile")
        verbose_name_plural = _("experts' profiles")
        ordering = ("shown_name", "pk")
        indexes = [models.Index(fields=["shown_to"], name="profile_by_visibility")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(shown_name=""), name="an_expert_has_a_shown_name",
                violation_error_message=_("Choose a name to be shown."),
            ),
            no_identity_code_constraint(
                "reached_by", "shown_name", "title", "introduction", "speaks_of", "will_not_speak_of",
                name="no_identity_code_in_a_profile",
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Trigger(
                name="shown_as_consented",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("shown_to", "key"),
                declare=[("given", "text[]")],
                func="""
                    SELECT array_agg(scope) INTO given FROM (
                        SELECT DISTINCT ON (scope) scope, is_given FROM experts_consent
                        WHERE expert_key = NEW.key ORDER BY scope, id DESC
                    ) newest WHERE is_given;
                    IF (TG_OP = 'INSERT' AND NOT 'keep' = ANY(coalesce(given, '{}')))
                        OR (NEW.shown_to <> 'coordinators' AND NOT '{keep,members}' <@ coalesce(given, '{}'))
                        OR (NEW.shown_to = 'public' AND NOT 'public' = ANY(coalesce(given, '{}')))
                    THEN
                        RAISE EXCEPTION 'a profile is shown as its expert has consented'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_profile_is_shown_as_consented';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name

    def get_absolute_url(self) -> str:
        return reverse("experts:profile_detail", args=[self.slug])

    def pause(self, paused: bool) -> None:
        """*En ota pyyntöjä juuri nyt*, and back. A closed profile takes none for good."""
        ExpertProfile.objects.filter(pk=self.pk, closed_at__isnull=True).update(is_paused=paused)

    def remove_picture(self) -> None:
        ProfilePicture.objects.filter(profile=self).delete()

    @property
    def is_kept_for_her(self) -> bool:
        """Whether a coordinator keeps the profile and answers for the expert."""
        return self.person_id is None


class ProfileFormat(models.Model):
    """A format that the expert gives, with its usual length."""

    profile = models.ForeignKey(ExpertProfile, models.CASCADE, related_name="formats", verbose_name=_("profile"))
    format = models.ForeignKey(TalkFormat, models.CASCADE, related_name="+", verbose_name=_("format"))
    minutes = models.PositiveSmallIntegerField(
        _("usual length (minutes)"), default=45, validators=[MinValueValidator(5), MaxValueValidator(600)]
    )

    class Meta:
        verbose_name = _("format of an expert")
        verbose_name_plural = _("formats of experts")
        ordering = ("format__position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "format"], name="an_expert_has_a_format_once",
                violation_error_message=_("This format is there already."),
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="a_format_has_a_length"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.format}, {self.minutes} min"


class Training(models.Model):
    profile = models.ForeignKey(ExpertProfile, models.CASCADE, related_name="trainings", verbose_name=_("profile"))
    course = models.CharField(_("course"), max_length=150)
    organiser = models.CharField(_("organiser"), max_length=150, blank=True)
    year = models.PositiveSmallIntegerField(
        _("year"), null=True, blank=True, validators=[MinValueValidator(1950), MaxValueValidator(2100)]
    )

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        ordering = (F("year").desc(nulls_last=True), "pk")
        constraints = [no_identity_code_constraint("course", "organiser", name="no_identity_code_in_a_training")]

    def __str__(self) -> str:
        return ", ".join(str(part) for part in (self.course, self.organiser, self.year) if part)


class ProfilePicture(models.Model):
    """The picture in the database: it is seen by whom the profile is, and goes when the profile goes."""

    profile = models.OneToOneField(ExpertProfile, models.CASCADE, related_name="picture", verbose_name=_("profile"))
    image = models.BinaryField(_("picture"))  # a JPEG of ours, without what the camera wrote into it
    alt_text = models.CharField(_("what the picture shows, in words"), max_length=200)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("picture of an expert")
        verbose_name_plural = _("pictures of experts")
        constraints = [
            models.CheckConstraint(
                condition=~Q(alt_text=""), name="a_picture_has_words_beside_it",
                violation_error_message=_("Tell in words what the picture shows."),
            ),
            no_identity_code_constraint("alt_text", name="no_identity_code_in_a_picture_s_words"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.alt_text


class Unavailable(models.Model):
    """Days when the expert is away. On others one may ask."""

    profile = models.ForeignKey(ExpertProfile, models.CASCADE, related_name="away", verbose_name=_("profile"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

    class Meta:
        verbose_name = _("days away")
        verbose_name_plural = _("days away")
        ordering = ("first_day", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="days_away_end_after_they_start",
                violation_error_message=_("The last day is before the first."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.first_day} – {self.last_day}"


class ProfileView(models.Model):
    """Somebody opened a profile: the expert sees who. One row for each reader and day."""

    profile = models.ForeignKey(ExpertProfile, models.CASCADE, related_name="views", verbose_name=_("profile"))
    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("opened by")
    )
    day = models.DateField(_("day"), default=timezone.localdate)
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("opening of a profile")
        verbose_name_plural = _("openings of profiles")
        ordering = ("-at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["profile", "viewer", "day"], name="one_opening_per_reader_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.profile_id} {self.day}"
