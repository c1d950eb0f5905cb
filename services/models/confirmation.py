import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models import Organisation

from .service import Service

if TYPE_CHECKING:
    from network.models import User

LIFETIME = dt.timedelta(days=45)  # longer than it takes until the next reminder
REQUEST_SIGNER = Signer(salt="confirmation request")


def default_expiry() -> dt.datetime:
    return timezone.now() + LIFETIME


class ConfirmationRequestQuerySet(models.QuerySet["ConfirmationRequest"]):
    def signed(self, token: str) -> "ConfirmationRequestQuerySet":
        """The request of a link's token; none when the token is not ours."""
        try:
            return self.filter(pk=REQUEST_SIGNER.unsign(token))
        except BadSignature:
            return self.none()

    def open(self, now: dt.datetime | None = None) -> "ConfirmationRequestQuerySet":
        """Neither used nor revoked nor expired."""
        return self.filter(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now or timezone.now())

    def revoke(self, person: "User") -> int:
        """Older links of the person: a new mail has come instead of them."""
        return self.filter(person=person, used_at__isnull=True, revoked_at__isnull=True).update(
            revoked_at=timezone.now()
        )


class ConfirmationRequest(models.Model):
    """What one reminder mail asked one person to confirm, and whether its link was used. The link signs nobody in."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="confirmation_requests", verbose_name=_("person")
    )
    services = models.ManyToManyField(Service, blank=True, related_name="+", verbose_name=_("services"))
    organisations = models.ManyToManyField(Organisation, blank=True, related_name="+", verbose_name=_("organisations"))
    created_at = models.DateTimeField(_("sent"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"), default=default_expiry)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = ConfirmationRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to confirm")
        verbose_name_plural = _("requests to confirm")
        ordering = ("-created_at", "-pk")
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="a_request_lives_for_a_while"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.created_at:%Y-%m-%d}"

    @property
    def token(self) -> str:
        return REQUEST_SIGNER.sign(str(self.pk))

    def get_absolute_url(self) -> str:
        return reverse("services:confirm_by_link", args=[self.token])

    @property
    def is_open(self) -> bool:
        return self.used_at is None and self.revoked_at is None and self.expires_at > timezone.now()


class ConfirmationQuerySet(models.QuerySet["Confirmation"]):
    def of(self, thing: "Service | Organisation") -> "ConfirmationQuerySet":
        return self.filter(**{"service" if isinstance(thing, Service) else "organisation": thing})


class Confirmation(models.Model):
    """Somebody said that the facts of a listing or of an organisation are right. Written by `confirming.confirm` alone.

    For whom: the organisation whose editor the person was, or none when the coordinator said it for the network. The
    person's name is here only when she chose to show it.
    """

    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="confirmations", verbose_name=_("service")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="confirmations",
        verbose_name=_("organisation"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="confirmations", verbose_name=_("person")
    )  # fmt: skip
    on_behalf_of = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("confirmed for")
    )
    title = models.CharField(_("title"), max_length=100, blank=True)
    shown_name = models.CharField(_("name, when it is shown"), max_length=150, blank=True)
    at = models.DateTimeField(_("confirmed"), default=timezone.now)
    request = models.ForeignKey(
        ConfirmationRequest, models.SET_NULL, null=True, blank=True, related_name="confirmations", verbose_name=_("request"),
        help_text=_("Whose link was used, when it was said by one."),
    )  # fmt: skip

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        ordering = ("-at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(service__isnull=False, organisation__isnull=True)
                | Q(service__isnull=True, organisation__isnull=False),
                name="a_confirmation_is_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service or self.organisation} {self.at:%Y-%m-%d}"
