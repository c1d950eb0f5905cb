from django.db import models
from django.utils.translation import gettext_lazy as _

from .service import Service


class ServiceAddress(models.Model):
    """An address that a listing had before: it leads to the listing for good, and is never given to another.

    The database writes the rows and keeps the promise (migration `listing_voices`), whoever changes an address.
    """

    slug = models.SlugField(_("old address"), max_length=100, unique=True)
    service = models.ForeignKey(Service, models.CASCADE, related_name="old_addresses", verbose_name=_("service"))

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.slug
