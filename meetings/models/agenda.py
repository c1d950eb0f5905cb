from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.guards import no_identity_code_constraint
from network.models import Membership, Organisation
from network.transitions import Transitions
from services.models import Service

from .choices import ItemKind, Publicity
from .meeting import Meeting

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from network.models import User


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def proposed(self) -> "AgendaItemQuerySet":
        return self.filter(status=AgendaItem.Status.PROPOSED)

    def accepted(self) -> "AgendaItemQuerySet":
        return self.filter(status=AgendaItem.Status.ACCEPTED)

    def visible_to(self, user: "User | AnonymousUser") -> "AgendaItemQuerySet":
        """By publicity, within the meetings that the user sees: public for all, for the network's members theirs,
        restricted ones for organisers and for those who belong to the group. Waiting ones: organisers and proposer."""
        seen = self.filter(meeting__in=Meeting.objects.visible_to(user).values("pk"))
        if not user.is_authenticated:
            return seen.accepted().filter(publicity=Publicity.PUBLIC)
        if user.is_coordinator:
            return seen
        from .group import GroupMembership

        organised = Q(meeting__in=Meeting.objects.organised_by(user).values("pk"))
        member = models.Exists(Membership.objects.current().filter(person=user.pk))
        belongs = models.Exists(
            GroupMembership.objects.current().filter(group=models.OuterRef("meeting__group"), person=user.pk)
        )
        open_to = (
            Q(publicity=Publicity.PUBLIC) | (Q(publicity=Publicity.NETWORK) & (Q(member) | Q(belongs))) | Q(belongs)
        )
        return seen.filter(organised | Q(proposer=user.pk) | (Q(status=AgendaItem.Status.ACCEPTED) & open_to))


class AgendaItem(Transitions, models.Model):
    """A matter for a meeting: proposed by anybody, accepted or not by its organisers, told of in the minutes."""

    Kind = ItemKind
    Publicity = Publicity

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        ACCEPTED = "accepted", _("On the agenda")
        MERGED = "merged", _("Merged into another")
        POSTPONED = "postponed", _("Postponed")
        DECLINED = "declined", _("Not taken")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items", verbose_name=_("meeting"))
    status = models.CharField(
        _("state"), max_length=10, choices=Status.choices, default=Status.ACCEPTED, editable=False
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    kind = models.CharField(_("kind"), max_length=12, choices=ItemKind.choices, default=ItemKind.DISCUSSION)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("what and why"), max_length=5000, blank=True)
    minutes = models.PositiveSmallIntegerField(_("length in minutes"), null=True, blank=True)
    presenter = models.CharField(_("who presents it"), max_length=150, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="introductions", verbose_name=_("organisation that introduces itself")
    )  # fmt: skip
    publicity = models.CharField(_("publicity"), max_length=10, choices=Publicity.choices, default=Publicity.NETWORK)
    ground = models.CharField(
        _("ground for restricting"), max_length=300, blank=True, help_text=_("A restricted item tells why it is one.")
    )
    services = models.ManyToManyField(
        Service, blank=True, related_name="agenda_items", verbose_name=_("services it concerns")
    )
    organisations = models.ManyToManyField(
        Organisation, blank=True, related_name="agenda_items", verbose_name=_("organisations it concerns")
    )
    link = models.URLField(_("link to material"), max_length=500, blank=True)
    notes = models.TextField(_("what was said"), max_length=30000, blank=True)
    edition = models.PositiveIntegerField(_("edition of the notes"), default=0, editable=False)
    is_open = models.BooleanField(
        _("goes on next time"), default=False, help_text=_("It is carried to the next meeting's agenda.")
    )

    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="proposed_items", verbose_name=_("proposed by")
    )  # fmt: skip
    proposer_name = models.CharField(_("proposer's name"), max_length=100, blank=True)
    proposer_email = models.EmailField(_("proposer's e-mail address"), blank=True)
    reason = models.CharField(_("reason told to the proposer"), max_length=1000, blank=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="merged", verbose_name=_("merged into")
    )  # fmt: skip
    carried_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="carried_to", verbose_name=_("carried from")
    )  # fmt: skip
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda")
        ordering = ("meeting", "position", "pk")
        constraints = [
            models.CheckConstraint(
                condition=~Q(publicity="restricted") | ~Q(ground=""), name="a_restricted_item_has_a_ground",
                violation_error_message=_("Tell the ground for restricting the item."),
            ),
            models.CheckConstraint(
                condition=~Q(status="merged") | Q(merged_into__isnull=False) | ~Q(reason=""), name="a_merged_item_tells_where_it_went",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["postponed", "declined"]) | ~Q(reason=""), name="what_is_not_taken_has_a_reason",
                violation_error_message=_("Tell the reason: the proposer gets to read it."),
            ),
            models.UniqueConstraint(
                fields=["meeting", "carried_from"], condition=Q(carried_from__isnull=False), name="an_item_is_carried_once_to_a_meeting",
            ),
            no_identity_code_constraint(
                "title", "description", "presenter", "ground", "notes", "proposer_name", "reason",
                name="no_identity_code_in_an_agenda_item",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{reverse('meetings:detail', args=[self.meeting_id])}#kohta-{self.pk}"

    def clean(self) -> None:
        if self.publicity == Publicity.RESTRICTED and not self.ground:
            raise ValidationError({"ground": _("Tell the ground for restricting the item.")})
