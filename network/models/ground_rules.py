import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.transitions import move
from network.translated import LocalText, Translated

from .user import User


class GroundRulesQuerySet(models.QuerySet["GroundRules"]):
    def published(self) -> "GroundRulesQuerySet":
        return self.filter(published_at__isnull=False)

    def in_force(self) -> "GroundRules | None":
        """The newest version that has been published; None when the network has none yet."""
        return self.published().order_by("-version").first()


class GroundRules(Translated, models.Model):
    """A version of how the network's members work together. What was published is never changed: a new one is made."""

    version = models.PositiveIntegerField(gettext_lazy("version"), unique=True)
    body = models.TextField(
        gettext_lazy("text"), max_length=20000, help_text=gettext_lazy("Plain text; an empty line starts a new paragraph.")
    )  # fmt: skip
    body_sv = models.TextField(gettext_lazy("text in Swedish"), max_length=20000, blank=True)
    body_en = models.TextField(gettext_lazy("text in English"), max_length=20000, blank=True)
    published_at = models.DateTimeField(gettext_lazy("published"), null=True, blank=True)

    objects = GroundRulesQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("ground rules")
        verbose_name_plural = gettext_lazy("ground rules")
        ordering = ("-version",)

    def __str__(self) -> str:
        return _("Ground rules, version %(version)d") % {"version": self.version}

    @property
    def text(self) -> LocalText:
        return self.local("body")

    def publish(self, *, by: User) -> None:
        """From now on these are the rules; members are asked to accept them. InvalidTransition: they were already."""
        drafts = GroundRules.objects.filter(published_at__isnull=True)
        refusal = _("These rules have been published already.")
        move(self, to="published", allowed=drafts, refusal=refusal, by=by, published_at=timezone.now())


class RulesAcceptance(models.Model):
    """A member has accepted a version of the ground rules."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="rules_acceptances", verbose_name=gettext_lazy("person")
    )
    rules = models.ForeignKey(
        GroundRules, models.PROTECT, related_name="acceptances", verbose_name=gettext_lazy("ground rules")
    )
    at = models.DateTimeField(gettext_lazy("accepted"), default=timezone.now)

    class Meta:
        verbose_name = gettext_lazy("acceptance of the ground rules")
        verbose_name_plural = gettext_lazy("acceptances of the ground rules")
        ordering = ("-at",)
        constraints = [
            models.UniqueConstraint(fields=["person", "rules"], name="a_person_accepts_a_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.rules.version}"


def accept(person: User, rules: GroundRules, at: dt.datetime | None = None) -> None:
    """Twice is once."""
    RulesAcceptance.objects.get_or_create(person=person, rules=rules, defaults={"at": at or timezone.now()})
    User.objects.filter(pk=person.pk, rules_first=True).update(rules_first=False)


def rules_to_accept(person: User) -> GroundRules | None:
    """The rules in force when the person has not accepted them.

    Nothing is shut because of that, but for whoever joined without a form that asks: see `User.rules_first`.
    """
    rules = GroundRules.objects.in_force()
    if rules is None or RulesAcceptance.objects.filter(person=person, rules=rules).exists():
        return None
    return rules
