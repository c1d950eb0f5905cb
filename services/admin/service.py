"""The listings of the catalogue. Their state is changed by actions that call the model's own verbs."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from network.admin.base import AddressForm, PortalAdmin, verb_action
from network.admin.organisation import EditorFilter, SectorFilter
from network.models import Network, Organisation
from services.changes import pictures, write_notices
from services.models import Service, ServiceAddress
from services.models.service import RESERVED_SLUGS

from .contact import ContactInline
from .rows import OpeningExceptionInline, OpeningHoursInline, PlaceInline, SeasonInline, TextInline, VisitInline

STATES = [
    ("draft", gettext_lazy("Draft")),
    ("published", gettext_lazy("Published")),
    ("archived", gettext_lazy("Archived")),
]
FRESHNESS = [
    ("fresh", gettext_lazy("Confirmed")),
    ("due", gettext_lazy("Due for confirmation")),
    ("none", gettext_lazy("Never confirmed")),
]
OLD = [
    ("late", gettext_lazy("Not confirmed for long")),
    ("out", gettext_lazy("Out of search")),
    ("kept", gettext_lazy("Kept in search")),
]


class ListingsField(forms.CharField):
    """Other listings by their addresses, one a line: with thousands of listings there is no list to scroll."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(listing.slug for listing in value) if isinstance(value, (list, QuerySet)) else value

    def clean(self, value: Any) -> list[Service]:
        slugs = self.slugs(super().clean(value))
        found = {listing.slug: listing for listing in Service.objects.filter(slug__in=slugs)}
        unknown = [slug for slug in slugs if slug not in found]
        if unknown:
            raise ValidationError(
                _("There is no listing with the address %(address)s.") % {"address": ", ".join(unknown[:5])}
            )
        return [found[slug] for slug in slugs]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return {listing.slug for listing in initial or []} != set(self.slugs(data or ""))

    @staticmethod
    def slugs(text: str) -> list[str]:
        """The last part of each address; a bare last part will do."""
        parts = (urlsplit(word).path.rstrip("/").rpartition("/")[2] for word in re.split(r"[\s,]+", text) if word)
        return list(dict.fromkeys(part for part in parts if part))


class ServiceForm(AddressForm):
    reserved: Iterable[str] = RESERVED_SLUGS
    next_steps = ListingsField(
        label=gettext_lazy("next steps"),
        required=False,
        max_length=5000,
        help_text=gettext_lazy("Services that often come after this one: the addresses of their pages, one a line."),
    )

    def clean_slug(self) -> str:
        slug = super().clean_slug()
        if ServiceAddress.objects.filter(slug=slug).exclude(service=self.instance.pk).exists():
            raise ValidationError(_("Another listing had this address before, and it leads there for good."))
        return slug

    def free_slug(self, wanted: str) -> str:
        self.reserved = {*RESERVED_SLUGS, *ServiceAddress.objects.values_list("slug", flat=True)}
        return super().free_slug(wanted)

    def clean_next_steps(self) -> list[Service]:
        steps: list[Service] = self.cleaned_data["next_steps"]
        if self.instance.pk and self.instance in steps:
            raise ValidationError(_("A service is not its own next step."))
        return steps

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.instance.published_at:
            for field in Service.ESSENTIALS:
                if field in self.fields and field not in self.errors and not data.get(field):
                    self.add_error(field, _("A published listing needs this. Take the listing back to a draft first."))
        return data


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return STATES

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "draft":
                return queryset.drafts()
            case "published":
                return queryset.published()
            case "archived":
                return queryset.archived()
        return queryset


class FreshnessFilter(admin.SimpleListFilter):
    title = gettext_lazy("freshness")
    parameter_name = "freshness"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return FRESHNESS + OLD

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "late":
                return queryset.late(Network.current())
            case "out":
                return queryset.out_of_search(Network.current())
            case "kept":
                return queryset.filter(kept_in_search=True)
        return queryset.filter(freshness_now=self.value()) if self.value() in dict(FRESHNESS) else queryset


class KeptFilter(EditorFilter):
    """Whether somebody keeps the listing right: an editor of its organisation, or of a body above it."""

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        without = Q(organisation=None) | Q(organisation__in=Organisation.objects.without_editor().values("pk"))
        if self.value() == "yes":
            return queryset.exclude(without)
        return queryset.filter(without) if self.value() == "no" else queryset


class ContactFilter(admin.SimpleListFilter):
    title = gettext_lazy("contact details")
    parameter_name = "contact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("none", _("No way to reach the service"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.without_contact() if self.value() == "none" else queryset


@admin.register(Service)
class ServiceAdmin(PortalAdmin):
    form = ServiceForm
    inlines = [
        ContactInline,
        PlaceInline,
        OpeningHoursInline,
        OpeningExceptionInline,
        VisitInline,
        SeasonInline,
        TextInline,
    ]
    list_display = ("name", "organisation", "main_type", "state", "confirmed", "changed")
    list_filter = (
        StateFilter,
        FreshnessFilter,
        ContactFilter,
        KeptFilter,
        SectorFilter,
        ("municipalities", admin.RelatedOnlyFieldListFilter),
        ("main_type", admin.RelatedOnlyFieldListFilter),
        ("organisation", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("organisation", "main_type", "confirmed_organisation", "replaced_by")
    search_fields = ("name", "slug", "summary", "keywords", "organisation__name")
    show_full_result_count = False
    actions = [
        verb_action(
            "publish",
            gettext_lazy("Publish the chosen listings"),
            lambda count: (
                ngettext("%(count)d listing was published.", "%(count)d listings were published.", count)
                % {"count": count}
            ),
        ),
        verb_action(
            "unpublish",
            gettext_lazy("Take the chosen listings back to drafts"),
            lambda count: (
                ngettext("%(count)d listing is a draft again.", "%(count)d listings are drafts again.", count)
                % {"count": count}
            ),
        ),
        verb_action(
            "archive",
            gettext_lazy("Archive the chosen listings"),
            lambda count: (
                ngettext("%(count)d listing was archived.", "%(count)d listings were archived.", count)
                % {"count": count}
            ),
        ),
        verb_action(
            "restore",
            gettext_lazy("Bring the chosen listings back from the archive"),
            lambda count: (
                ngettext("%(count)d listing was brought back.", "%(count)d listings were brought back.", count)
                % {"count": count}
            ),
        ),
    ]
    actions += [
        verb_action(
            "keep_in_search",
            gettext_lazy("Keep the chosen listings in search, however old"),
            lambda count: (
                ngettext("%(count)d listing is kept in search.", "%(count)d listings are kept in search.", count)
                % {"count": count}
            ),
        ),
        verb_action(
            "let_out_of_search",
            gettext_lazy("Keep the chosen listings in search no longer"),
            lambda count: (
                ngettext("%(count)d listing is kept no longer.", "%(count)d listings are kept no longer.", count)
                % {"count": count}
            ),
        ),
    ]
    readonly_fields = (
        "state",
        "kept_in_search",
        "published_at",
        "archived_at",
        "archive_reason",
        "archive_note",
        "replaced_by",
        "confirmed_at",
        "confirmed_organisation",
        "confirmed_title",
        "created_at",
        "updated_at",
    )
    # In the order of the public page; the inlines come after the part they belong to.
    fieldsets = [
        (
            None,
            {
                "fields": ["name", "slug", "summary", "description", "main_type", "further_types", "keywords"],
                "classes": ["part-what"],
            },
        ),
        (
            gettext_lazy("For whom"),
            {
                "fields": [
                    "audiences",
                    "addictions",
                    ("min_age", "max_age"),
                    "stages",
                    "settings",
                    "aims",
                    "components",
                    "languages",
                    "who_cannot_come",
                ],
                "classes": ["part-whom"],
            },
        ),
        (
            gettext_lazy("How to get the service"),
            {
                "fields": [
                    "how_to_get",
                    ("no_referral", "no_appointment"),
                    ("anonymous", "intoxicated_ok", "no_diagnosis_excluded"),
                    ("capacity", "capacity_on"),
                    "waiting",
                ],
                "classes": ["part-way"],
            },
        ),
        (gettext_lazy("First visit and cost"), {"fields": ["first_visit", "free", "cost"], "classes": ["part-visit"]}),
        (
            gettext_lazy("Where and when"),
            {"fields": ["municipalities", "outside_region", "channels", "hours_note"], "classes": ["part-where"]},
        ),
        (
            gettext_lazy("For professionals"),
            {"fields": ["referral_for_professionals", "tell_the_client", "consult"], "classes": ["part-professionals"]},
        ),
        (
            gettext_lazy("Who offers it"),
            {"fields": ["organisation", "producers", ("temporary", "temporary_until")], "classes": ["part-who"]},
        ),
        (gettext_lazy("Related"), {"fields": ["next_steps", "ptv_id", "lahella_url"], "classes": ["part-related"]}),
        (
            gettext_lazy("State and upkeep"),
            {
                "fields": [
                    "state",
                    "published_at",
                    "archived_at",
                    "archive_reason",
                    "archive_note",
                    "replaced_by",
                    "confirmed_at",
                    "confirmed_organisation",
                    "confirmed_title",
                    "kept_in_search",
                    "sources",
                    "created_at",
                    "updated_at",
                ],
                "classes": ["part-upkeep"],
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Service]:
        return Service.objects.with_freshness(Network.current()).select_related(*self.list_select_related)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        request.__dict__["_before"] = pictures(obj.pk) if change else {}
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """With the notices of what is news of it, now that its places are saved too."""
        super().save_related(request, form, formsets, change)
        write_notices(request.__dict__.pop("_before", {}))

    @admin.display(description=gettext_lazy("state"), ordering="published_at")
    def state(self, service: Service) -> Any:
        if service.archived_at:
            return dict(STATES)["archived"]
        return dict(STATES)["published" if service.published_at else "draft"]

    @admin.display(description=gettext_lazy("freshness"), ordering="confirmed_at")
    def confirmed(self, service: Service) -> Any:
        return dict(FRESHNESS)[service.freshness_now]  # type: ignore[attr-defined]  # annotated above

    @admin.display(description=gettext_lazy("changed"), ordering="updated_at")
    def changed(self, service: Service) -> str:
        return date_format(timezone.localdate(service.updated_at), "SHORT_DATE_FORMAT")

    def view_on_site(self, service: Service) -> str:
        return service.get_absolute_url()
