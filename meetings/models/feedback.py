"""Feedback without names: what was answered and who has answered stand in two tables that nothing ties together."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.guards import no_identity_code_constraint

from .meeting import Meeting
from .participation import Participation


class MeetingFeedback(models.Model):
    """One answer. The key is random and the day is all the time that is kept; no history is kept of them."""

    class Scale(models.IntegerChoices):
        YES = 4, _("Yes")
        RATHER_YES = 3, _("Rather yes")
        RATHER_NO = 2, _("Rather not")
        NO = 1, _("No")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="feedback", verbose_name=_("meeting"))
    useful = models.PositiveSmallIntegerField(
        _("was the meeting useful?"), choices=Scale.choices, null=True, blank=True
    )
    heard = models.PositiveSmallIntegerField(_("was I heard?"), choices=Scale.choices, null=True, blank=True)
    refers_better = models.PositiveSmallIntegerField(
        _("do I know better where to refer people?"), choices=Scale.choices, null=True, blank=True
    )
    text = models.TextField(_("in my own words to the coordinator"), max_length=2000, blank=True)
    on = models.DateField(_("day"), default=timezone.localdate)

    class Meta:
        verbose_name = _("feedback on a meeting")
        verbose_name_plural = _("feedback on meetings")
        constraints = [
            models.CheckConstraint(
                condition=(Q(useful__isnull=True) | Q(useful__range=(1, 4)))
                & (Q(heard__isnull=True) | Q(heard__range=(1, 4)))
                & (Q(refers_better__isnull=True) | Q(refers_better__range=(1, 4))),
                name="feedback_on_a_meeting_is_from_one_to_four",
            ),
            no_identity_code_constraint("text", name="no_identity_code_in_feedback_on_a_meeting"),
        ]

    def __str__(self) -> str:
        return str(self.meeting_id)


class FeedbackGiven(models.Model):
    """That a participant has answered, so that she answers once; nothing of what or when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="feedback_given", verbose_name=_("meeting"))
    participation = models.OneToOneField(
        Participation, models.CASCADE, related_name="feedback_given", verbose_name=_("participation")
    )

    class Meta:
        verbose_name = _("answerer of feedback")
        verbose_name_plural = _("answerers of feedback")

    def __str__(self) -> str:
        return str(self.meeting_id)
