from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.guards import no_identity_code_constraint
from network.models import Organisation
from network.transitions import Transitions

from .service import Service

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from network.models import User


class ProposedEditQuerySet(models.QuerySet["ProposedEdit"]):
    def pending(self) -> "ProposedEditQuerySet":
        return self.filter(status=ProposedEdit.Status.PENDING)

    def about(self, thing: Service | Organisation) -> "ProposedEditQuerySet":
        return self.filter(**{_link_to(thing): thing})

    def visible_to(self, user: "User | AnonymousUser") -> "ProposedEditQuerySet":
        """Those of one's own organisations and their units; a coordinator sees all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_coordinator:
            return self
        own = list(Organisation.objects.editable_by(user).values_list("pk", flat=True))
        return self.filter(Q(service__organisation__in=own) | Q(organisation__in=own))


def _link_to(thing: Service | Organisation) -> str:
    return "service" if isinstance(thing, Service) else "organisation"


class ProposedEdit(Transitions, models.Model):
    """What an editor would have a listing or an organisation's page say, beside the published text.

    `record` is the whole proposed content as in the exchange format, `base` the published content it was made from.
    The author may send it anew while it waits: then `version` grows.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("Waits for review")
        APPROVED = "approved", _("Approved")
        CORRECTED = "corrected", _("Corrected and approved")
        REJECTED = "rejected", _("Not approved")
        WITHDRAWN = "withdrawn", _("Taken back")

    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="proposals", verbose_name=_("service")
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="proposals", verbose_name=_("organisation")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("author"),
    )
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.PENDING)
    base = models.JSONField(_("published text it was made from"), default=dict)
    record = models.JSONField(_("proposed text"), default=dict)
    version = models.PositiveIntegerField(_("version"), default=1)
    note = models.TextField(_("word to the reviewer"), max_length=1000, blank=True)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    submitted_at = models.DateTimeField(_("sent"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )

    objects = ProposedEditQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed edit")
        verbose_name_plural = _("proposed edits")
        ordering = ("submitted_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(service__isnull=False, organisation__isnull=True)
                | Q(service__isnull=True, organisation__isnull=False),
                name="a_proposal_is_about_one_thing",
            ),
            models.UniqueConstraint(
                fields=["author", "service"],
                condition=Q(status="pending"),
                name="one_waiting_proposal_per_author_and_service",
            ),
            models.UniqueConstraint(
                fields=["author", "organisation"],
                condition=Q(status="pending"),
                name="one_waiting_proposal_per_author_and_organisation",
            ),
            models.CheckConstraint(
                condition=~Q(status="rejected") | ~Q(reason=""), name="a_rejection_tells_its_reason"
            ),
            no_identity_code_constraint("note", "reason", name="a_proposal_holds_no_identity_code"),
        ]
        indexes = [models.Index(fields=["status", "submitted_at"], name="proposal_by_age")]

    def __str__(self) -> str:
        return str(self.thing)

    def get_absolute_url(self) -> str:
        return reverse("services:review", args=[self.pk])

    @property
    def thing(self) -> Service | Organisation:
        found = self.service or self.organisation
        assert found is not None  # noqa: S101 – the database keeps it so
        return found

    @property
    def about_organisation(self) -> Organisation | None:
        """Whose page or listing it is about."""
        return self.organisation or (self.service.organisation if self.service else None)

    @property
    def is_pending(self) -> bool:
        return self.status == self.Status.PENDING

    def decide(self, to: str, *, by: "User", reason: str = "", **fields: Any) -> None:
        """From waiting to decided, once. InvalidTransition when somebody was faster."""
        now = timezone.now()
        self.move(
            to=to,
            allowed_from=[self.Status.PENDING],
            by=by,
            note=reason,
            decided_at=now,
            decided_by=by,
            reason=reason,
            **fields,
        )

    def withdraw(self, *, by: "User") -> None:
        """The author takes it back; the text stays with it. InvalidTransition when it is decided already."""
        self.decide(self.Status.WITHDRAWN, by=by)
