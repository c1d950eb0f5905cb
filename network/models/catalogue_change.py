from django.db import models
from django.utils.translation import gettext_lazy as _


class CatalogueChange(models.Model):
    """One statement that changed what pages show. Triggers write these rows, `network.versions` reads all as one number."""

    mark = models.BigIntegerField(_("mark"))  # by chance, so that no two sets of changes give the same number

    class Meta:
        verbose_name = _("change of the catalogue")
        verbose_name_plural = _("changes of the catalogue")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.mark:x}"
