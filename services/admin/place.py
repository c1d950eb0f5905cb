"""Places on a page of their own, where their contacts are kept."""

from django.contrib import admin
from django.http import HttpRequest

from network.admin.base import PortalAdmin
from services.models import ServicePlace

from .contact import ContactInline


class PlaceContactInline(ContactInline):
    classes = ()
    follows = "part-access"


@admin.register(ServicePlace)
class ServicePlaceAdmin(PortalAdmin):
    """A place is added on its service's page; here it is found and its contacts are written."""

    list_display = ("__str__", "service", "street_address", "municipality", "confidential")
    list_filter = ("confidential", ("municipality", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("service", "municipality", "premises_of")
    search_fields = ("name", "street_address", "post_office", "service__name")
    readonly_fields = ("service",)
    inlines = [PlaceContactInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "service",
                    "name",
                    "premises_of",
                    ("street_address", "postcode", "post_office"),
                    "municipality",
                    "confidential",
                    "position",
                ],
                "classes": ["part-where"],
            },
        ),
        (None, {"fields": ["accessibility", "how_to_come"], "classes": ["part-access"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
