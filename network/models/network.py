from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from network.translated import Translated

from .municipality import WellbeingCounty


class Network(Translated, models.Model):
    """The one network this installation serves: its name, region, coordinator and the figures it has agreed on."""

    name = models.CharField(_("name"), max_length=100)
    name_sv = models.CharField(_("name in Swedish"), max_length=100, blank=True)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    slogan = models.CharField(_("slogan"), max_length=200, blank=True)
    slogan_sv = models.CharField(_("slogan in Swedish"), max_length=200, blank=True)
    slogan_en = models.CharField(_("slogan in English"), max_length=200, blank=True)
    intro = models.TextField(_("what the network is"), max_length=2000, blank=True)
    intro_sv = models.TextField(_("what the network is, in Swedish"), max_length=2000, blank=True)
    intro_en = models.TextField(_("what the network is, in English"), max_length=2000, blank=True)
    county = models.ForeignKey(
        WellbeingCounty, models.PROTECT, null=True, blank=True, related_name="networks", verbose_name=_("wellbeing services county"),
        help_text=_("Its municipalities are the network's region."),
    )  # fmt: skip
    region_name = models.CharField(_("region"), max_length=60, blank=True, help_text=_("For example “Keski-Suomi”."))
    region_name_sv = models.CharField(_("region in Swedish"), max_length=60, blank=True)
    region_name_en = models.CharField(_("region in English"), max_length=60, blank=True)
    region_name_in = models.CharField(
        _("region in “in the region” form"), max_length=60, blank=True, help_text=_("For example “Keski-Suomessa”.")
    )
    region_name_in_sv = models.CharField(_("region in “in the region” form, in Swedish"), max_length=60, blank=True)
    region_name_in_en = models.CharField(_("region in “in the region” form, in English"), max_length=60, blank=True)
    region_name_whole = models.CharField(
        _("“the whole region”"), max_length=60, blank=True, help_text=_("For example “Koko Keski-Suomi”.")
    )
    region_name_whole_sv = models.CharField(_("“the whole region”, in Swedish"), max_length=60, blank=True)
    region_name_whole_en = models.CharField(_("“the whole region”, in English"), max_length=60, blank=True)

    coordinator_name = models.CharField(_("coordinator's name"), max_length=100, blank=True)
    coordinator_email = models.EmailField(_("coordinator's e-mail"), blank=True)
    coordinator_phone = models.CharField(_("coordinator's telephone"), max_length=30, blank=True)
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("coordinator"),
        help_text=_("Other coordinators are her deputies."),
    )  # fmt: skip
    funder_line = models.CharField(_("funder line"), max_length=200, blank=True)
    funder_line_sv = models.CharField(_("funder line in Swedish"), max_length=200, blank=True)
    funder_line_en = models.CharField(_("funder line in English"), max_length=200, blank=True)
    leave_url = models.URLField(
        _("“leave quickly” address"), default="https://www.ilmatieteenlaitos.fi/",
        help_text=_("A harmless page, such as the weather, where “Leave this page quickly” leads."),
    )  # fmt: skip

    controller_name = models.CharField(_("controller of personal data"), max_length=150, blank=True)
    controller_contact = models.CharField(_("controller's contact"), max_length=200, blank=True)
    data_protection_contact = models.CharField(_("data protection officer's contact"), max_length=200, blank=True)
    data_recipients = models.TextField(
        _("to whom personal data is given, and where it is kept"), max_length=1000, blank=True
    )
    data_recipients_sv = models.TextField(_("recipients of personal data, in Swedish"), max_length=1000, blank=True)
    data_recipients_en = models.TextField(_("recipients of personal data, in English"), max_length=1000, blank=True)
    supervisor_name = models.CharField(
        _("accessibility supervisor"), max_length=150, default="Liikenne- ja viestintävirasto Traficom"
    )
    supervisor_url = models.URLField(
        _("accessibility supervisor's address"), default="https://www.saavutettavuusvaatimukset.fi/"
    )
    accessibility_assessed_on = models.DateField(_("accessibility last assessed on"), null=True, blank=True)

    confirm_due_months = models.PositiveSmallIntegerField(
        _("listings are due for confirmation after (months)"), default=6
    )
    confirm_late_months = models.PositiveSmallIntegerField(_("on the coordinator's list after (months)"), default=12)
    confirm_hide_months = models.PositiveSmallIntegerField(_("out of search results after (months)"), default=18)
    remind_days = models.PositiveSmallIntegerField(
        _("days between two reminders to the same person"), default=30,
        help_text=_("Of listings that are due for confirmation."),
    )  # fmt: skip

    answer_days = models.PositiveSmallIntegerField(
        _("messages and reports reach the coordinator after (days)"), default=7,
        help_text=_("When no editor of the organisation has answered."),
    )  # fmt: skip
    domain_sign_in = models.BooleanField(
        _("an address of a member organisation opens the professional view"), default=False,
        help_text=_("Whoever proves with a code to have an address of one of the organisations' own domains."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("the network")
        verbose_name_plural = _("the network")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="there_is_one_network"),
            models.CheckConstraint(
                condition=models.Q(confirm_due_months__gt=0)
                & models.Q(confirm_late_months__gte=models.F("confirm_due_months"))
                & models.Q(confirm_hide_months__gte=models.F("confirm_late_months")),
                name="confirmation_periods_grow",
                violation_error_message=_(
                    "The periods must grow: due, then the coordinator's list, then out of search."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.local_name

    @classmethod
    def current(cls) -> "Network":
        """The network with its county; made from defaults when reference data has not been loaded yet.

        Every page asks for it, so the statement is compiled once: that took longer than the database needs to answer.
        """
        with connection.cursor() as cursor:
            cursor.execute(*current_statement())
            row = cursor.fetchone()
        if row is None:
            return cls(pk=1, name="Päihdetoimijaverkosto")
        own = [field.attname for field in cls._meta.concrete_fields]
        network = cls.from_db(connection.alias, own, row[: len(own)])
        if network.county_id:
            county = [field.attname for field in WellbeingCounty._meta.concrete_fields]
            network.county = WellbeingCounty.from_db(connection.alias, county, row[len(own) :])
        return network


@cache
def current_statement() -> tuple[str, tuple[Any, ...]]:
    """Of the network with its county: all columns of the one, then all of the other."""
    return Network.objects.select_related("county").filter(pk=1).query.sql_with_params()


class UrgentLine(Translated, models.Model):
    """A number of the urgent-help box."""

    number = models.CharField(_("number"), max_length=20, unique=True, help_text=_("As shown, for example “116 117”."))
    name = models.CharField(_("what it is for"), max_length=100)
    name_sv = models.CharField(_("what it is for, in Swedish"), max_length=100, blank=True)
    name_en = models.CharField(_("what it is for, in English"), max_length=100, blank=True)
    emphasised = models.BooleanField(_("danger to life"), default=False)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("urgent-help line")
        verbose_name_plural = _("urgent-help lines")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return f"{self.number} {self.local_name}"

    @property
    def tel(self) -> str:
        return "".join(sign for sign in self.number if sign.isdigit() or sign == "+")


class Statement(Translated, models.Model):
    """What the coordinator has added to a page that is otherwise generated from settings."""

    ABOUT, ACCESSIBILITY, PRIVACY, COOKIES = "about", "accessibility", "privacy", "cookies"
    PAGES = [
        (ABOUT, _("About")),
        (ACCESSIBILITY, _("Accessibility")),
        (PRIVACY, _("Privacy")),
        (COOKIES, _("Cookies")),
    ]

    page = models.CharField(_("page"), max_length=20, choices=PAGES, unique=True)
    body = models.TextField(
        _("text"), max_length=20000, blank=True, help_text=_("Plain text; an empty line starts a new paragraph.")
    )
    body_sv = models.TextField(_("text in Swedish"), max_length=20000, blank=True)
    body_en = models.TextField(_("text in English"), max_length=20000, blank=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ("page",)

    def __str__(self) -> str:
        return str(self.get_page_display())
