"""What the search reads of meetings; see `meetings.search`."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from .agenda import AgendaItem
from .choices import Publicity
from .meeting import Meeting
from .minutes import Minutes


class MeetingWords(models.Model):
    """One text of a meeting – an item of its agenda, a part of its minutes, a decision – as the search knows it.

    Made of what is written elsewhere, and made again when that changes. The public text is what others than members
    may find it by; it is empty for what they may not see.
    """

    class Part(models.TextChoices):
        AGENDA = "agenda", _("Agenda")
        MINUTES = "minutes", _("Minutes")
        DECISION = "decision", _("Decision")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="words", verbose_name=_("meeting"))
    item = models.ForeignKey(AgendaItem, models.CASCADE, null=True, related_name="words", verbose_name=_("agenda item"))
    minutes = models.ForeignKey(Minutes, models.CASCADE, null=True, related_name="words", verbose_name=_("minutes"))
    part = models.CharField(_("part"), max_length=8, choices=Part.choices)
    number = models.PositiveSmallIntegerField(_("order"), default=0)
    publicity = models.CharField(_("publicity"), max_length=10, choices=Publicity.choices)
    digest = models.CharField(_("what it was made of"), max_length=32, blank=True)
    title = models.CharField(_("title"), max_length=300)
    public_title = models.CharField(_("public title"), max_length=300, blank=True)
    text = models.TextField(_("text"), blank=True)
    public_text = models.TextField(_("public text"), blank=True)
    words = SearchVectorField()
    public_words = SearchVectorField()

    class Meta:
        verbose_name = _("text of a meeting in the search")
        verbose_name_plural = _("texts of meetings in the search")
        constraints = [
            models.UniqueConstraint(
                fields=["part", "item", "minutes", "number"], nulls_distinct=False, name="one_text_of_a_meeting_once"
            )
        ]
        indexes = [GinIndex(fields=["words"], name="meeting_words"), GinIndex(fields=["public_words"], name="meeting_public_words")]  # fmt: skip

    def __str__(self) -> str:
        return self.title
