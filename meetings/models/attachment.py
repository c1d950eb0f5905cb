from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.guards import no_identity_code_constraint

from .agenda import AgendaItem
from .choices import Language
from .group import Group
from .guest import MeetingGuest


class Attachment(models.Model):
    """A file of an agenda item, seen by whom the item is seen, or of a group, seen by its members."""

    item = models.ForeignKey(
        AgendaItem, models.CASCADE, null=True, blank=True, related_name="attachments", verbose_name=_("agenda item")
    )
    group = models.ForeignKey(
        Group, models.CASCADE, null=True, blank=True, related_name="attachments", verbose_name=_("group")
    )
    guest = models.ForeignKey(
        MeetingGuest, models.SET_NULL, null=True, blank=True, related_name="slides", verbose_name=_("slides of the guest"),
        help_text=_("Shown to others than members only when the guest has allowed it."),
    )  # fmt: skip
    name = models.CharField(_("what it is"), max_length=200, help_text=_("In words that tell what is inside."))
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.FI)
    accessibility = models.CharField(
        _("accessibility"),
        max_length=300,
        blank=True,
        help_text=_("Such as “a scanned picture, no text to read aloud”."),
    )
    file_name = models.CharField(_("name of the file"), max_length=150, editable=False)
    content_type = models.CharField(_("type"), max_length=100, editable=False)
    size = models.PositiveIntegerField(_("size"), editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("added by")
    )  # fmt: skip
    created_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(item__isnull=False, group__isnull=True) | Q(item__isnull=True, group__isnull=False),
                name="an_attachment_belongs_to_an_item_or_a_group",
            ),
            no_identity_code_constraint("name", "accessibility", "file_name", name="no_identity_code_in_an_attachment"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("meetings:attachment", args=[self.pk])


class AttachmentContent(models.Model):
    """The bytes, in a table of their own: lists of attachments do not read them."""

    attachment = models.OneToOneField(
        Attachment, models.CASCADE, primary_key=True, related_name="content", verbose_name=_("attachment")
    )
    data = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("content of an attachment")
        verbose_name_plural = _("contents of attachments")

    def __str__(self) -> str:
        return str(self.attachment_id)
