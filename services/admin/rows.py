"""What hangs on a service: its texts in other languages, places, hours, visits and seasons."""

from typing import Any

from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from network.admin.base import Choices, PortalInline
from services.models import GroupSeason, OpeningException, OpeningHours, Service, ServicePlace, ServiceText, Visit


class TextInline(PortalInline):
    model = ServiceText
    follows = "part-upkeep"
    related = ("service",)
    max_num = len(ServiceText.Language.choices)
    fields = ["language", "name", "summary", "description", "how_to_get"]


class PlaceInline(PortalInline):
    model = ServicePlace
    follows = "part-where"
    related = ("premises_of", "municipality")
    show_change_link = True
    fields = [
        ("name", "premises_of", "municipality"),
        ("street_address", "postcode", "post_office"),
        ("accessibility", "how_to_come"),
        ("confidential", "position"),
    ]


class AtAPlace(PortalInline):
    """Rows that may be about one of the service's own places."""

    follows = "part-where"

    def get_formset(self, request: HttpRequest, obj: Service | None = None, **kwargs: Any) -> Any:
        self.places_of(request, obj)
        return super().get_formset(request, obj, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "place":
            own = [pk for pk, _name in self.places_of(request)]
            kwargs["queryset"] = ServicePlace.objects.filter(pk__in=own)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def related_choices(self, db_field: Any, request: HttpRequest) -> Choices:
        return self.places_of(request) if db_field.name == "place" else super().related_choices(db_field, request)

    @staticmethod
    def places_of(request: HttpRequest, service: Service | None = None) -> Choices:
        """(key, name) of the places of the service whose form this is, fetched once for the request."""
        kept = request.__dict__
        if "_places_of_the_service" not in kept:
            places = ServicePlace.objects.select_related("premises_of", "municipality").filter(service=service)
            kept["_places_of_the_service"] = [(row.pk, str(row)) for row in places] if service else []
        return kept["_places_of_the_service"]


class OneIntervalPerOpeningTime(BaseInlineFormSet):
    """New rows are not in the database yet, so it cannot tell that two of them open at the same time."""

    def clean(self) -> None:
        super().clean()
        seen = set()
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            if not data.get("opens") or data.get("DELETE"):
                continue
            key = (data.get("place"), data.get("weekday"), data["opens"])
            if key in seen:
                form.add_error("opens", _("There is already an interval that opens then."))
            seen.add(key)


class OpeningHoursInline(AtAPlace):
    model = OpeningHours
    formset = OneIntervalPerOpeningTime
    extra = 3
    fields = [("weekday", "opens", "closes", "place")]


class OpeningExceptionInline(AtAPlace):
    model = OpeningException
    fields = [("first_day", "last_day", "opens", "closes"), ("place", "note")]


class VisitInline(PortalInline):
    model = Visit
    follows = "part-where"
    fields = [("date", "starts", "ends"), ("venue", "municipality"), ("staff", "note")]


class SeasonInline(PortalInline):
    model = GroupSeason
    follows = "part-where"
    fields = [("first_day", "last_day", "weekday"), ("starts", "ends"), ("sign_up", "note")]
