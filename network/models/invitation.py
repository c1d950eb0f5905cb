import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .membership import MemberRole
from .organisation import Organisation

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from .user import User

LIFETIME = dt.timedelta(days=30)


def default_expiry() -> dt.datetime:
    return timezone.now() + LIFETIME


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: dt.datetime | None = None) -> "InvitationQuerySet":
        """Neither accepted nor revoked nor expired."""
        return self.waiting().filter(expires_at__gt=now or timezone.now())

    def waiting(self) -> "InvitationQuerySet":
        """Neither accepted nor revoked; it may have expired, and can be sent again."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)

    def visible_to(self, user: "User | AnonymousUser") -> "InvitationQuerySet":
        """Those to the organisations that the user keeps; all for a coordinator."""
        if user.is_authenticated and user.is_coordinator:
            return self
        return self.filter(organisation__in=Organisation.objects.editable_by(user).values("pk"))


class Invitation(models.Model):
    """Asks one address to join, once. Verbs in `network.invitations`."""

    email = models.EmailField(_("e-mail address"))
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="invitations", verbose_name=_("organisation")
    )
    role = models.ForeignKey(
        MemberRole, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("role")
    )
    function = models.CharField(_("function"), max_length=100, blank=True)
    is_editor = models.BooleanField(_("editor"), default=False)
    is_contact_person = models.BooleanField(_("contact person"), default=False)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fi")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("invited by")
    )
    times_sent = models.PositiveSmallIntegerField(_("times sent"), default=1)
    created_at = models.DateTimeField(_("invited"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"), default=default_expiry)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("accepted by"),
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("-created_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["email", "organisation"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                nulls_distinct=False,
                name="one_waiting_invitation_per_address_and_organisation",
                violation_error_message=_("This address has been invited already."),
            ),
            models.CheckConstraint(
                condition=Q(email=models.functions.Lower("email")), name="an_invited_address_is_in_lower_case"
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | Q(is_editor=False), name="an_invited_editor_has_an_organisation",
                violation_error_message=_("An editor needs an organisation."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="an_invitation_lives_for_a_while"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.email

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()
