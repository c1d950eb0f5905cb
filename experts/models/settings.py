from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class ActivitySettings(models.Model):
    """What the network has agreed on about orders of experience experts."""

    class Orderers(models.TextChoices):
        MEMBERS = "members", _("Every member of the network")
        CONTACTS = "contacts", _("Contact persons only")

    class Sending(models.TextChoices):
        COORDINATOR = "coordinator", _("The coordinator of expert activity chooses whom to ask")
        AT_ONCE = "at-once", _("All suitable experts are asked at once")

    orderers = models.CharField(_("who may order"), max_length=10, choices=Orderers.choices, default=Orderers.MEMBERS)
    guests_may_order = models.BooleanField(
        _("others may ask too"), default=True, help_text=_("Their orders are reviewed first.")
    )
    sending = models.CharField(
        _("an order without a chosen person"), max_length=12, choices=Sending.choices, default=Sending.COORDINATOR
    )
    remind_days = models.PositiveSmallIntegerField(
        _("an unanswered request is reminded of after (working days)"), default=3,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )  # fmt: skip
    escalate_days = models.PositiveSmallIntegerField(
        _("and comes to the coordinator after (working days)"), default=5,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )  # fmt: skip
    register_links = models.TextField(
        _("registers of experts elsewhere"), max_length=2000, blank=True,
        help_text=_("One on a line: an address, a space, and its name."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("settings of expert activity")
        verbose_name_plural = _("settings of expert activity")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="there_is_one_row_of_activity_settings"),
            models.CheckConstraint(
                condition=models.Q(remind_days__gt=0) & models.Q(escalate_days__gte=models.F("remind_days")),
                name="the_coordinator_hears_after_the_reminder",
                violation_error_message=_("The coordinator hears of it when the expert has been reminded, not before."),
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def clean(self) -> None:
        if any(not url.startswith("https://") for url, _name in self.registers()):
            raise ValidationError({"register_links": gettext("Each line begins with an address: https://…")})

    def registers(self) -> list[tuple[str, str]]:
        """(address, name) of the registers elsewhere, county by county or of the whole country."""
        lines = [line.strip().partition(" ") for line in self.register_links.splitlines() if line.strip()]
        return [(url, name.strip() or url) for url, _space, name in lines]

    @classmethod
    def current(cls) -> "ActivitySettings":
        return cls.objects.filter(pk=1).first() or cls(pk=1)
