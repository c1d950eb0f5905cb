"""Organisations, with their links and the people who stand for them."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.models import Organisation, OrganisationDomain, OrganisationLink, User
from network.models.organisation import RESERVED_SLUGS, Sector

from .base import AddressForm, PortalAdmin, PortalInline
from .membership import OrganisationMembershipInline
from .notes import OrganisationNoteInline

PART_OF = gettext_lazy("part of")


class OrganisationForm(AddressForm):
    reserved = RESERVED_SLUGS

    class Meta:
        labels = {"parent": PART_OF}

    def clean_parent(self) -> Organisation | None:
        return self.without_a_circle("parent", _("This would make the organisation a part of itself."))

    def clean_merged_into(self) -> Organisation | None:
        return self.without_a_circle("merged_into", _("This would merge the organisation into itself."))

    def without_a_circle(self, field: str, complaint: str) -> Organisation | None:
        """The chosen organisation, unless the way on from it leads back here."""
        chosen: Organisation | None = self.cleaned_data[field]
        step, seen = chosen, set()
        while step is not None and step.pk not in seen:
            if step.pk == self.instance.pk:
                raise ValidationError(complaint)
            seen.add(step.pk)
            step = getattr(step, field)
        return chosen


class OrganisationLinkInline(PortalInline):
    model = OrganisationLink
    follows = "part-way"
    fields = [("title", "url", "position")]


class OrganisationDomainInline(PortalInline):
    model = OrganisationDomain
    follows = "part-upkeep"


class EditorFilter(admin.SimpleListFilter):
    """Also somebody who edits a body above counts."""

    title = gettext_lazy("has an editor")
    parameter_name = "editor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        without = Organisation.objects.without_editor().values("pk")
        if self.value() == "yes":
            return queryset.exclude(pk__in=without)
        if self.value() == "no":
            return queryset.filter(pk__in=without)
        return queryset


class SectorFilter(admin.SimpleListFilter):
    title = gettext_lazy("sector")
    parameter_name = "sector"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return Sector.choices

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.in_sector(self.value()) if self.value() in Sector.values else queryset


class WorkingFilter(admin.SimpleListFilter):
    title = gettext_lazy("working now")
    parameter_name = "working"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "yes":
            return queryset.active()
        if self.value() == "no":
            return queryset.exclude(pk__in=Organisation.objects.active(timezone.localdate()).values("pk"))
        return queryset


@admin.register(Organisation)
class OrganisationAdmin(PortalAdmin):
    form = OrganisationForm
    inlines = [
        OrganisationLinkInline,
        OrganisationMembershipInline,
        OrganisationDomainInline,
        OrganisationNoteInline,
    ]
    list_display = ("name", "kind", "unit_type", "municipality", "belongs_to", "is_working")
    list_filter = (
        SectorFilter,
        "kind",
        WorkingFilter,
        EditorFilter,
        "is_trusted",
        ("municipality", admin.RelatedOnlyFieldListFilter),
        ("unit_type", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("unit_type", "municipality", "parent")
    search_fields = ("name", "name_sv", "name_en", "slug", "description", "what_we_do")
    readonly_fields = ("editors", "created_at", "updated_at")
    fieldsets = [
        (None, {"fields": ["name", "slug", "kind", "unit_type", "parent", "description"], "classes": ["part-what"]}),
        (
            gettext_lazy("Where and for whom"),
            {"fields": ["reach", "municipality", "municipalities_served", "meets"], "classes": ["part-where"]},
        ),
        (
            gettext_lazy("What we do"),
            {
                "fields": ["what_we_do", "what_we_do_not", "how_to_refer", "ask_us", "competences", "website"],
                "classes": ["part-way"],
            },
        ),
        (
            gettext_lazy("In Swedish and English"),
            {"fields": ["name_sv", "description_sv", "name_en", "description_en"], "classes": ["collapse"]},
        ),
        (
            gettext_lazy("Upkeep"),
            {
                "fields": [
                    "editors",
                    "is_trusted",
                    "active_from",
                    "active_until",
                    "merged_into",
                    "sources",
                    "created_at",
                    "updated_at",
                ],
                "classes": ["part-upkeep"],
            },
        ),
    ]

    @admin.display(description=gettext_lazy("editors"))
    def editors(self, organisation: Organisation) -> str:
        """Who keeps its details right, and where to name somebody by e-mail address."""
        people = ", ".join(str(person) for person in User.objects.editors_of(organisation)) or _("Nobody yet")
        address = f"{reverse('invitation_list')}?organisation={organisation.pk}&editor"
        return format_html('{} – <a href="{}">{}</a>', people, address, _("Name an editor"))

    @admin.display(description=PART_OF, ordering="parent__sort_name")
    def belongs_to(self, organisation: Organisation) -> Organisation | None:
        return organisation.parent

    @admin.display(description=gettext_lazy("working now"), boolean=True)
    def is_working(self, organisation: Organisation) -> bool:
        return organisation.is_active

    def view_on_site(self, organisation: Organisation) -> str:
        return organisation.get_absolute_url()
