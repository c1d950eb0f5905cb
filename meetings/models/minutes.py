from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.guards import no_identity_code_constraint
from network.transitions import Transitions

from .agenda import AgendaItem
from .meeting import Meeting


class Minutes(Transitions, models.Model):
    """One version of a meeting's minutes. Written under the items while it is a draft; published, it never changes:

    a correction is the next number. `record` and `public_record` are what was published to members and to all.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        FOR_COMMENTS = "comments", _("For comments")
        PUBLISHED = "published", _("Published")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="minutes", verbose_name=_("meeting"))
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    opening = models.TextField(_("beginning"), max_length=10000, blank=True)
    closing = models.TextField(_("end"), max_length=10000, blank=True)
    edition = models.PositiveIntegerField(_("edition of the texts"), default=0, editable=False)
    what_changed = models.CharField(_("what was corrected"), max_length=500, blank=True)
    text = models.TextField(_("members' version"), blank=True, editable=False)
    public_text = models.TextField(_("public version"), blank=True, editable=False)
    record = models.JSONField(_("members' version as data"), default=dict, blank=True, editable=False)
    public_record = models.JSONField(_("public version as data"), default=dict, blank=True, editable=False)
    comments_until = models.DateField(_("comments until"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("published by")
    )  # fmt: skip
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        ordering = ("meeting", "-number")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="one_version_of_minutes_per_number"),
            models.UniqueConstraint(
                fields=["meeting"], condition=~Q(status="published"), name="one_version_of_minutes_is_written_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="published_minutes_have_their_time",
            ),
            no_identity_code_constraint(
                "opening", "closing", "what_changed", "text", "public_text", name="no_identity_code_in_minutes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} – {self.number}"


class MinutesComment(models.Model):
    """What a participant says of minutes that are out for comments."""

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="comments", verbose_name=_("minutes"))
    item = models.ForeignKey(
        AgendaItem, models.SET_NULL, null=True, blank=True, related_name="comments", verbose_name=_("agenda item")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="minutes_comments", verbose_name=_("author")
    )
    text = models.TextField(_("comment"), max_length=3000)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)

    class Meta:
        verbose_name = _("comment on minutes")
        verbose_name_plural = _("comments on minutes")
        ordering = ("minutes", "created_at", "pk")
        constraints = [no_identity_code_constraint("text", name="no_identity_code_in_a_comment_on_minutes")]

    def __str__(self) -> str:
        return self.text[:60]
