from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.guards import no_identity_code_constraint

from .ground_rules import GroundRules
from .invitation import Invitation
from .membership import MemberRole, Membership
from .municipality import Municipality
from .organisation import Organisation


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    def waiting(self) -> "JoinRequestQuerySet":
        return self.filter(approved_at__isnull=True, declined_at__isnull=True)


class JoinRequest(models.Model):
    """Somebody asks to join the network. Verbs in `network.joining`."""

    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=150)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="join_requests", verbose_name=_("organisation")
    )  # fmt: skip
    organisation_name = models.CharField(_("organisation, if it is not in the list"), max_length=150, blank=True)
    function = models.CharField(_("function"), max_length=100, blank=True)
    role = models.ForeignKey(
        MemberRole, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("role")
    )
    title = models.CharField(_("title"), max_length=100, blank=True)
    level = models.CharField(_("level"), max_length=20, choices=Membership.Level.choices, blank=True)
    municipality = models.ForeignKey(
        Municipality, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("municipality")
    )
    why = models.TextField(_("why would you like to join"), max_length=2000, blank=True)
    rules = models.ForeignKey(
        GroundRules, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("accepted ground rules")
    )
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fi")
    created_at = models.DateTimeField(_("came"), default=timezone.now)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decline_reason = models.TextField(_("reason for declining"), max_length=1000, blank=True)
    invitation = models.ForeignKey(
        Invitation, models.SET_NULL, null=True, blank=True, related_name="join_requests", verbose_name=_("invitation")
    )

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        ordering = ("-created_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True) | Q(declined_at__isnull=True),
                name="a_request_to_join_has_one_answer",
            ),
            no_identity_code_constraint(
                "name", "organisation_name", "function", "title", "why", "decline_reason",
                name="a_request_to_join_holds_no_identity_code",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("join_request_detail", args=[self.pk])

    @property
    def stands_for(self) -> str:
        return str(self.organisation) if self.organisation else self.organisation_name or self.function
