"""Addresses of an organisation: pages elsewhere, e-mail domains, and what its page was called before."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .organisation import Organisation


class OrganisationDomain(models.Model):
    """A part behind the @ that only the organisation's own people have in their e-mail addresses."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="domains", verbose_name=_("organisation")
    )
    domain = models.CharField(
        _("domain"), max_length=100, unique=True, validators=[RegexValidator(r"\A[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+\Z", _("Write the part behind the @ in small letters, for example example.org."))],
        help_text=_("The part behind the @, for example example.org. Never one where anybody gets an address."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("e-mail domain")
        verbose_name_plural = _("e-mail domains")
        ordering = ("domain",)

    def __str__(self) -> str:
        return self.domain


class OrganisationAddress(models.Model):
    """An address that an organisation had before: it leads on to the organisation and is never given to another."""

    slug = models.SlugField(_("old address"), max_length=80, unique=True)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="old_addresses", verbose_name=_("organisation")
    )
    since = models.DateTimeField(_("given up"), default=timezone.now)

    class Meta:
        verbose_name = _("old address of an organisation")
        verbose_name_plural = _("old addresses of organisations")
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.slug


class OrganisationLink(models.Model):
    """A page of the organisation elsewhere."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="links", verbose_name=_("organisation"))
    title = models.CharField(_("title"), max_length=100)
    url = models.URLField(_("address"), max_length=500)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.title
