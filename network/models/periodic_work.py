from django.db import models
from django.utils.translation import gettext_lazy as _


class PeriodicWork(models.Model):
    """For which day some daily or weekly work was done last, so that it is done once for each."""

    name = models.CharField(_("name"), max_length=200, primary_key=True)
    done_for = models.DateField(_("done for"))

    class Meta:
        verbose_name = _("periodic work")
        verbose_name_plural = _("periodic work")

    def __str__(self) -> str:
        return f"{self.name} {self.done_for}"
