import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.guards import no_identity_code_constraint


class ConsentQuerySet(models.QuerySet["Consent"]):
    def of(self, expert_key: uuid.UUID) -> "ConsentQuerySet":
        return self.filter(expert_key=expert_key)

    def in_force(self, expert_key: uuid.UUID) -> set[str]:
        """The scopes whose newest row gives consent."""
        newest = self.of(expert_key).order_by("scope", "-pk").distinct("scope").values_list("scope", "is_given")
        return {scope for scope, is_given in newest if is_given}


class Consent(models.Model):
    """An expert has given or withdrawn one consent. Rows are only added; they hang on the profile's key and hold no name.

    `text` is what was agreed to as it stood, `version` its number.
    """

    class Scope(models.TextChoices):
        KEEP = "keep", _("coordinators of expert activity keep and see the profile")
        MEMBERS = "members", _("members of the network see it")
        PUBLIC = "public", _("everyone sees it")

    class How(models.TextChoices):
        SELF = "self", _("by the expert")
        PAPER = "paper", _("on paper")

    expert_key = models.UUIDField(_("key of the expert"))
    scope = models.CharField(_("consent to"), max_length=10, choices=Scope.choices)
    is_given = models.BooleanField(_("given"), help_text=_("Otherwise withdrawn."))
    text = models.TextField(_("text as it stood"), max_length=5000)
    version = models.PositiveSmallIntegerField(_("version of the text"), default=1)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fi")
    how = models.CharField(_("how"), max_length=10, choices=How.choices, default=How.SELF)
    signed_on = models.DateField(_("signed on"), null=True, blank=True, help_text=_("Of a consent on paper."))
    at = models.DateTimeField(_("time"), default=timezone.now)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ("pk",)
        indexes = [models.Index(fields=["expert_key", "scope", "-id"], name="newest_consent")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(how="paper") | Q(signed_on__isnull=False), name="a_consent_on_paper_has_its_date",
                violation_error_message=_("Tell the date on the paper."),
            ),
            models.CheckConstraint(
                condition=~Q(text=""), name="a_consent_keeps_its_words",
                violation_error_message=_("Write the words that were agreed to."),
            ),
            no_identity_code_constraint("text", name="no_identity_code_in_a_consent"),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Protect(name="consents_are_only_added", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()} {self.at:%Y-%m-%d}"
