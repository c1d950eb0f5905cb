"""The words services are described and filtered with. They are rows, so that a coordinator can add and rename them;
codes are those of the exchange format and never change."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from network.translated import Translated


class Term(Translated, models.Model):
    """A word of one vocabulary. `ptv_code` is the nearest code of the national service registry, where there is one."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_sv = models.CharField(_("name in Swedish"), max_length=100, blank=True)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    ptv_code = models.CharField(_("PTV code"), max_length=20, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    in_use = models.BooleanField(_("in use"), default=True, help_text=_("Offered in filters and forms."))

    class Meta:
        abstract = True
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.local_name


class ServiceType(Term):
    is_common = models.BooleanField(_("shown first"), default=False, help_text=_("Offered before “More filters”."))

    class Meta(Term.Meta):
        verbose_name = _("service type")
        verbose_name_plural = _("service types")


class Audience(Term):
    is_common = models.BooleanField(_("shown first"), default=False, help_text=_("Offered before “More filters”."))

    class Meta(Term.Meta):
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")


class Addiction(Term):
    class Meta(Term.Meta):
        verbose_name = _("addiction")
        verbose_name_plural = _("addictions")


class Stage(Term):
    """Where on the way: prevention, early support, waiting, treatment, rehabilitation, aftercare."""

    class Meta(Term.Meta):
        verbose_name = _("stage")
        verbose_name_plural = _("stages")


class Setting(Term):
    """Outpatient or residential."""

    class Meta(Term.Meta):
        verbose_name = _("setting")
        verbose_name_plural = _("settings")


class Aim(Term):
    """Harm reduction, rehabilitation, abstinence."""

    class Meta(Term.Meta):
        verbose_name = _("aim")
        verbose_name_plural = _("aims")


class Component(Term):
    """What the service consists of: medication, psychosocial support, a group."""

    class Meta(Term.Meta):
        verbose_name = _("content of a service")
        verbose_name_plural = _("contents of services")


class Channel(Term):
    class Meta(Term.Meta):
        verbose_name = _("channel")
        verbose_name_plural = _("channels")


class Language(Term):
    """A language of service; the code is ISO 639-1."""

    class Meta(Term.Meta):
        verbose_name = _("language of service")
        verbose_name_plural = _("languages of service")
