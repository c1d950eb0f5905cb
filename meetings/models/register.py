"""What meetings came to: the register of decisions and of what somebody has promised to do."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.guards import no_identity_code_constraint
from network.models import Organisation
from services.models import Service

from .agenda import AgendaItem
from .meeting import Meeting


class Decision(models.Model):
    """Seen by whom its item is seen; one without an item by members."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions", verbose_name=_("meeting"))
    item = models.ForeignKey(
        AgendaItem, models.SET_NULL, null=True, blank=True, related_name="decisions", verbose_name=_("agenda item")
    )
    text = models.TextField(_("decision"), max_length=3000)
    services = models.ManyToManyField(
        Service, blank=True, related_name="decisions", verbose_name=_("services it concerns")
    )
    organisations = models.ManyToManyField(
        Organisation, blank=True, related_name="decisions", verbose_name=_("organisations it concerns")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("written by")
    )  # fmt: skip
    is_marked = models.BooleanField(_("follows the text of the minutes"), default=False, editable=False)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ("-created_at", "-pk")
        constraints = [no_identity_code_constraint("text", name="no_identity_code_in_a_decision")]

    def __str__(self) -> str:
        return self.text[:80]


class ActionItem(models.Model):
    """What somebody does, by when. Done and moved leave their event rows."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="actions", verbose_name=_("meeting"))
    item = models.ForeignKey(
        AgendaItem, models.SET_NULL, null=True, blank=True, related_name="actions", verbose_name=_("agenda item")
    )
    text = models.CharField(_("what is to be done"), max_length=1000)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="meeting_actions", verbose_name=_("who does it")
    )  # fmt: skip
    owner_name = models.CharField(
        _("who does it, without an account"), max_length=150, blank=True, help_text=_("A person, or an organisation.")
    )
    due = models.DateField(_("by when"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("marked done by")
    )  # fmt: skip
    times_moved = models.PositiveSmallIntegerField(_("times moved"), default=0, editable=False)
    is_marked = models.BooleanField(_("follows the text of the minutes"), default=False, editable=False)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ("due", "pk")
        constraints = [no_identity_code_constraint("text", "owner_name", name="no_identity_code_in_an_action")]
        indexes = [models.Index(fields=["due"], condition=Q(done_at__isnull=True), name="action_to_do")]

    def __str__(self) -> str:
        return self.text[:80]
