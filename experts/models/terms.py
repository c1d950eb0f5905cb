"""The words of the activity: themes, formats, kinds of tasks, occasions. Rows, so that a coordinator can change them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from network.guards import no_identity_code_constraint
from network.translated import LocalText, Translated


class Word(Translated, models.Model):
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_sv = models.CharField(_("name in Swedish"), max_length=100, blank=True)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    in_use = models.BooleanField(_("in use"), default=True, help_text=_("Offered in filters and forms."))

    class Meta:
        abstract = True
        ordering = ("position", "code")
        constraints = [
            no_identity_code_constraint("name", "name_sv", "name_en", name="no_identity_code_in_a_%(class)s")
        ]

    def __str__(self) -> str:
        return self.local_name


class ExpertTheme(Word):
    """What an expert's experience is of."""

    class Meta(Word.Meta):
        verbose_name = _("theme of experience")
        verbose_name_plural = _("themes of experience")


class TalkFormat(Word):
    usual_minutes = models.PositiveSmallIntegerField(_("usual length (minutes)"), default=45)

    class Meta(Word.Meta):
        verbose_name = _("format")
        verbose_name_plural = _("formats")


class TaskType(Word):
    """What an expert is asked to do. `briefing` is read by the orderer before the task."""

    has_several_sessions = models.BooleanField(_("usually several sessions"), default=False)
    briefing = models.TextField(_("briefing for the orderer"), max_length=3000, blank=True)
    briefing_sv = models.TextField(_("briefing in Swedish"), max_length=3000, blank=True)
    briefing_en = models.TextField(_("briefing in English"), max_length=3000, blank=True)

    class Meta(Word.Meta):
        verbose_name = _("type of task")
        verbose_name_plural = _("types of tasks")

    @property
    def local_briefing(self) -> LocalText:
        return self.local("briefing")


class Occasion(Word):
    """Where it happens: a team, a development day, training, a group of clients, a meeting of the network."""

    class Meta(Word.Meta):
        verbose_name = _("occasion")
        verbose_name_plural = _("occasions")
