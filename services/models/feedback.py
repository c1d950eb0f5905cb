import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .service import Service
from .terms import ServiceType


class AccessFeedback(models.Model):
    """One person's answer to “Did you find help?”. Nothing here tells who answered, or at what time of the day.

    The key is random, so that rows have no order; no history is kept of them. The type is kept beside the service as
    it was that day: a listing that changes its type later does not move answers from one figure to another.
    """

    class Helped(models.TextChoices):
        YES = "yes", _("Yes")
        PARTLY = "partly", _("Partly")
        NO = "no", _("No")

    class GettingIn(models.IntegerChoices):
        EASY = 4, _("Easy")
        QUITE_EASY = 3, _("Quite easy")
        QUITE_HARD = 2, _("Quite hard")
        HARD = 1, _("Hard")

    class BeingMet(models.IntegerChoices):
        WELL = 4, _("Well")
        QUITE_WELL = 3, _("Quite well")
        QUITE_BADLY = 2, _("Quite badly")
        BADLY = 1, _("Badly")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.SET_NULL, null=True, related_name="feedback", verbose_name=_("service"))
    service_type = models.ForeignKey(ServiceType, models.PROTECT, related_name="+", verbose_name=_("main type"))
    helped = models.CharField(_("did you find help?"), max_length=6, choices=Helped.choices)
    getting_in = models.PositiveSmallIntegerField(_("getting in"), choices=GettingIn.choices, null=True, blank=True)
    being_met = models.PositiveSmallIntegerField(_("being met"), choices=BeingMet.choices, null=True, blank=True)
    on = models.DateField(_("day"), default=timezone.localdate)

    class Meta:
        verbose_name = _("answer to “Did you find help?”")
        verbose_name_plural = _("answers to “Did you find help?”")
        constraints = [
            models.CheckConstraint(condition=Q(helped__in=["yes", "partly", "no"]), name="an_answer_is_one_of_three"),
            models.CheckConstraint(
                condition=Q(getting_in__isnull=True) | Q(getting_in__range=(1, 4)),
                name="getting_in_is_from_one_to_four",
            ),
            models.CheckConstraint(
                condition=Q(being_met__isnull=True) | Q(being_met__range=(1, 4)), name="being_met_is_from_one_to_four"
            ),
        ]
        indexes = [models.Index(fields=["service_type", "on"], name="feedback_by_type")]

    def __str__(self) -> str:
        return str(self.get_helped_display())
