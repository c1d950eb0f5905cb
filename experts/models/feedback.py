import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.guards import no_identity_code_constraint

from .offer import Offer
from .order import Order


class OrderFeedback(models.Model):
    """How it went: two questions and a text, from each side, after the end only. The text is for the coordinator."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="feedback", verbose_name=_("order"))
    offer = models.ForeignKey(
        Offer, models.CASCADE, null=True, blank=True, related_name="feedback", verbose_name=_("request"),
        help_text=_("Of an expert's feedback."),
    )  # fmt: skip
    side = models.CharField(_("from"), max_length=12, choices=Order.Party.choices)
    went = models.PositiveSmallIntegerField(
        _("how it went (1–5)"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    again = models.PositiveSmallIntegerField(
        _("would you do it again (1–5)"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    comment = models.TextField(_("in your own words"), max_length=2000, blank=True)
    may_quote = models.BooleanField(_("may be quoted"), default=False)
    quoted_as = models.CharField(_("quoted as"), max_length=100, blank=True)
    at = models.DateTimeField(_("given"), default=timezone.now)

    class Meta:
        verbose_name = _("feedback on an order")
        verbose_name_plural = _("feedback on orders")
        ordering = ("-at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["order", "offer"], nulls_distinct=False, name="each_side_gives_its_feedback_once",
                violation_error_message=_("Feedback has been given already."),
            ),
            models.CheckConstraint(
                condition=Q(side="orderer", offer__isnull=True) | Q(side="expert", offer__isnull=False),
                name="feedback_comes_from_the_orderer_or_an_expert",
            ),
            models.CheckConstraint(
                condition=Q(went__range=(1, 5), again__range=(1, 5)), name="answers_are_from_one_to_five",
                violation_error_message=_("Answer from one to five."),
            ),
            no_identity_code_constraint("comment", "quoted_as", name="no_identity_code_in_an_order_s_feedback"),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Trigger(
                name="feedback_after_the_end",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (SELECT FROM experts_order WHERE id = NEW.order_id AND status = 'done') THEN
                        RAISE EXCEPTION 'feedback comes after the end'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'feedback_comes_after_the_end';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} – {self.get_side_display()}"
