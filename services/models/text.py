from django.db import models
from django.utils.translation import gettext_lazy as _

from .service import Service


class ServiceText(models.Model):
    """The texts of a listing in another language, or in plain Finnish, beside the Finnish original."""

    class Language(models.TextChoices):
        SWEDISH = "sv", _("Swedish")
        ENGLISH = "en", _("English")
        PLAIN_FINNISH = "plain", _("Plain Finnish")

    service = models.ForeignKey(Service, models.CASCADE, related_name="texts", verbose_name=_("service"))
    language = models.CharField(_("language"), max_length=5, choices=Language.choices)
    name = models.CharField(_("name"), max_length=100, blank=True)
    summary = models.CharField(_("summary"), max_length=150, blank=True)
    description = models.TextField(_("description"), max_length=5000, blank=True)
    how_to_get = models.TextField(_("how to get the service"), max_length=2500, blank=True)

    class Meta:
        verbose_name = _("text in another language")
        verbose_name_plural = _("texts in other languages")
        ordering = ("language",)
        constraints = [
            models.UniqueConstraint(
                fields=["service", "language"], name="one_text_per_service_and_language",
                violation_error_message=_("This language is already there."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.service} ({self.get_language_display()})"
