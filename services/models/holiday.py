from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .service import Service
from .times import OpeningException

INVITATION_SIGNER = Signer(salt="holiday invitation")


class HolidayRound(models.Model):
    """The coordinator asks all editors before a holiday: are your listings open as usual? Verbs in `holidays`."""

    name = models.CharField(_("name"), max_length=100, help_text=_("For example “Christmas 2026”."))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("started by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("holiday round")
        verbose_name_plural = _("holiday rounds")
        ordering = ("-first_day", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="a_holiday_ends_after_it_starts",
                violation_error_message=_("The last day is before the first."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.started_at is not None and self.last_day >= timezone.localdate()


class HolidayInvitationQuerySet(models.QuerySet["HolidayInvitation"]):
    def signed(self, token: str) -> "HolidayInvitationQuerySet":
        """The invitation of a link's token; none when the token is not ours."""
        try:
            return self.filter(pk=INVITATION_SIGNER.unsign(token))
        except BadSignature:
            return self.none()


class HolidayInvitation(models.Model):
    """One person was asked once in one round. Her link works until the holiday is over, and signs nobody in."""

    round = models.ForeignKey(HolidayRound, models.CASCADE, related_name="invitations", verbose_name=_("holiday round"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="holiday_invitations", verbose_name=_("person")
    )
    created_at = models.DateTimeField(_("sent"), default=timezone.now)

    objects = HolidayInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("question about a holiday")
        verbose_name_plural = _("questions about a holiday")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["round", "person"], name="a_person_is_asked_once_in_a_round"),
        ]

    def __str__(self) -> str:
        return f"{self.round}: {self.person}"

    @property
    def token(self) -> str:
        return INVITATION_SIGNER.sign(str(self.pk))

    def get_absolute_url(self) -> str:
        return reverse("services:holiday", args=[self.token])


class HolidayAnswer(models.Model):
    """What was said of one listing: open as usual, or the exceptions that were made of the answer."""

    round = models.ForeignKey(HolidayRound, models.CASCADE, related_name="answers", verbose_name=_("holiday round"))
    service = models.ForeignKey(Service, models.CASCADE, related_name="holiday_answers", verbose_name=_("service"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="holiday_answers", verbose_name=_("person")
    )  # fmt: skip
    as_usual = models.BooleanField(_("open as usual"))
    exceptions = models.ManyToManyField(
        OpeningException, blank=True, related_name="+", verbose_name=_("exceptions to opening hours")
    )
    days = models.JSONField(
        _("days"), default=list, blank=True, editable=False,
        help_text=_("First and last day of each exception that was made: they are found again by it after an edit."),
    )  # fmt: skip
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("answer about a holiday")
        verbose_name_plural = _("answers about a holiday")
        ordering = ("-at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["round", "service"], name="one_answer_per_holiday_and_listing"),
        ]

    def __str__(self) -> str:
        return f"{self.round}: {self.service}"
