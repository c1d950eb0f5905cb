"""The network itself, its urgent lines and its pages of text."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from network.models import Network, Statement, UrgentLine, User

from .base import LANGUAGES, PortalAdmin

MONTHS = 120  # the longest period


class NetworkForm(forms.ModelForm):
    PERIODS = ("confirm_due_months", "confirm_late_months", "confirm_hide_months")

    def clean(self) -> dict[str, Any]:
        """Each period is told at its field to be at least as long as the one before it; the database holds it too."""
        data = super().clean() or self.cleaned_data
        least = 1
        for field in self.PERIODS:
            months = data.get(field)
            if months is None:
                continue
            if not least <= months <= MONTHS:
                told = gettext("Give a number of months from %(least)d to %(most)d.")
                self.add_error(field, ValidationError(told % {"least": least, "most": MONTHS}))
                continue
            least = months
        if data.get("remind_days") == 0:
            self.add_error("remind_days", gettext("Give at least one day."))
        return data

    def _get_validation_exclusions(self) -> set[str]:
        """The database's sentence on the periods stands at no field: not when a field tells already what is wrong."""
        wrong = set(self.errors) & set(self.PERIODS)
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | (set(self.PERIODS) if wrong else set())


@admin.register(Network)
class NetworkAdmin(PortalAdmin):
    """There is one network: its list opens the form at once, and it is neither added nor deleted."""

    form = NetworkForm
    fieldsets = [
        (_("The network"), {"fields": ["name", "slogan", "intro", "funder_line"]}),
        (
            _("Coordinator"),
            {"fields": ["coordinator", "coordinator_name", "coordinator_email", "coordinator_phone", "answer_days"]},
        ),
        (_("Joining"), {"fields": ["domain_sign_in"]}),
        (_("Region"), {"fields": ["county", "region_name", "region_name_in", "region_name_whole"]}),
        (
            _("Freshness of listings"),
            {"fields": ["confirm_due_months", "confirm_late_months", "confirm_hide_months", "remind_days"]},
        ),
        (_("Public pages"), {"fields": ["leave_url"]}),
        (
            _("Personal data and accessibility"),
            {
                "fields": [
                    "controller_name",
                    "controller_contact",
                    "data_protection_contact",
                    "data_recipients",
                    "supervisor_name",
                    "supervisor_url",
                    "accessibility_assessed_on",
                ]
            },
        ),
        (
            _("In Swedish"),
            {
                "classes": ["collapse"],
                "fields": [
                    "name_sv",
                    "slogan_sv",
                    "intro_sv",
                    "funder_line_sv",
                    "region_name_sv",
                    "region_name_in_sv",
                    "region_name_whole_sv",
                    "data_recipients_sv",
                ],
            },
        ),
        (
            _("In English"),
            {
                "classes": ["collapse"],
                "fields": [
                    "name_en",
                    "slogan_en",
                    "intro_en",
                    "funder_line_en",
                    "region_name_en",
                    "region_name_in_en",
                    "region_name_whole_en",
                    "data_recipients_en",
                ],
            },
        ),
    ]

    def related_choices(self, db_field: Any, request: HttpRequest) -> Any:
        """Only who has the rights already can be the coordinator; the page for handing over gives them."""
        if db_field.name == "coordinator":
            return [(person.pk, str(person)) for person in User.objects.coordinators()]
        return super().related_choices(db_field, request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Network | None = None) -> bool:
        return False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Network | None:
        """Where reference data has not been loaded the form opens on the defaults; saving it makes the row."""
        kept: Network | None = super().get_object(request, object_id, from_field)
        network = Network.current()
        return kept or (network if object_id == str(network.pk) else None)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("admin:network_network_change", Network.current().pk)


@admin.register(UrgentLine)
class UrgentLineAdmin(PortalAdmin):
    list_display = ("number", "name", "emphasised", "position")
    search_fields = ("number", "name")
    fieldsets = [
        (None, {"fields": ["number", "name", "emphasised", "position"]}),
        (LANGUAGES, {"fields": ["name_sv", "name_en"]}),
    ]


@admin.register(Statement)
class StatementAdmin(PortalAdmin):
    list_display = ("page", "updated_at")
    readonly_fields = ("updated_at",)
    fieldsets = [
        (None, {"fields": ["page", "body", "updated_at"]}),
        (LANGUAGES, {"fields": ["body_sv", "body_en"]}),
    ]
