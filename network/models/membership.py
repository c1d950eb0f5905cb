import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.translated import Translated

from .organisation import Organisation

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from .user import User


class MemberRole(Translated, models.Model):
    """In what role a person takes part: experience expert, professional, an association's representative …"""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_sv = models.CharField(_("name in Swedish"), max_length=100, blank=True)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    in_use = models.BooleanField(_("in use"), default=True, help_text=_("Offered in filters and forms."))

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.local_name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, on: dt.date | None = None) -> "MembershipQuerySet":
        """In force on the day (default today)."""
        on = on or timezone.localdate()
        return self.filter(Q(since__isnull=True) | Q(since__lte=on), Q(until__isnull=True) | Q(until__gte=on))

    def lasting(self) -> "MembershipQuerySet":
        """Not over by the end of today, begun or not: who was taken off today may be invited again today."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=timezone.localdate()))

    def visible_to(self, user: "User | AnonymousUser") -> "MembershipQuerySet":
        """One's own and those of the organisations that one keeps; all for a coordinator."""
        if not user.is_authenticated:
            return self.none()
        if user.is_coordinator:
            return self
        return self.filter(Q(person=user) | Q(organisation__in=Organisation.objects.editable_by(user).values("pk")))


class Membership(models.Model):
    """A person stands for an organisation, or for a function such as outreach youth work, from a day to a day."""

    class Level(models.TextChoices):
        WORKER = "worker", _("Worker")
        SUPERVISOR = "supervisor", _("Supervisor")
        DECISION_MAKER = "decision-maker", _("Decision maker")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="memberships", verbose_name=_("organisation")
    )
    function = models.CharField(
        _("function"), max_length=100, blank=True, help_text=_("For who stands for a function and no organisation.")
    )
    role = models.ForeignKey(
        MemberRole, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("role")
    )
    level = models.CharField(_("level"), max_length=20, choices=Level.choices, blank=True)
    title = models.CharField(_("title"), max_length=100, blank=True)
    is_editor = models.BooleanField(_("editor"), default=False, help_text=_("Keeps the organisation's listings right."))
    is_contact_person = models.BooleanField(
        _("contact person"), default=False, help_text=_("Orders experience experts for colleagues and gets their news.")
    )
    since = models.DateField(_("since"), default=timezone.localdate, null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ("organisation__sort_name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"], condition=Q(until__isnull=True), name="one_open_membership_per_person_and_organisation",
                violation_error_message=_("This person already stands for this organisation."),
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | ~Q(function=""), name="a_membership_stands_for_something",
                violation_error_message=_("Choose an organisation or tell the function."),
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | Q(is_editor=False), name="an_editor_has_an_organisation",
                violation_error_message=_("An editor needs an organisation."),
            ),
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="a_membership_ends_after_it_starts",
                violation_error_message=_("The last day is before the first."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person} – {self.stands_for}"

    @property
    def stands_for(self) -> str:
        return str(self.organisation) if self.organisation else self.function
