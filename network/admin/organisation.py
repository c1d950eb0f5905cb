"""Organisations, with their links and the people who stand for them."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.models import Organisation, OrganisationAddress, OrganisationDomain, OrganisationLink, User
from network.models.organisation import RESERVED_SLUGS, Sector

from .base import AddressForm, PortalAdmin, PortalInline
from .membership import OrganisationMembershipInline
from .merging import merge_page
from .notes import OrganisationNoteInline

PART_OF = gettext_lazy("part of")


class OrganisationForm(AddressForm):
    reserved = RESERVED_SLUGS

    class Meta:
        labels = {"parent": PART_OF}

    def clean_parent(self) -> Organisation | None:
        return self.without_a_circle("parent", _("This would make the organisation a part of itself."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "slug" in self.fields:
            self.fields["slug"].help_text = _(
                "The last part of the page's address. The old address leads to the new one."
            )

    def also_taken(self) -> set[str]:
        return set(OrganisationAddress.objects.values_list("slug", flat=True))

    def clean_slug(self) -> str:
        slug = super().clean_slug()
        if OrganisationAddress.objects.filter(slug=slug).exclude(organisation=self.instance.pk).exists():
            raise ValidationError(_("This address led to another organisation before. Links to it must not go astray."))
        return slug

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
    readonly_fields = ("merged_into", "editors", "created_at", "updated_at")
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

    def get_urls(self) -> Any:
        merge = path(
            "<path:object_id>/yhdista/", self.admin_site.admin_view(self.merge), name="network_organisation_merge"
        )
        return [merge, *super().get_urls()]

    def merge(self, request: HttpRequest, object_id: str) -> HttpResponse:
        old = self.get_object(request, object_id)
        if old is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        return merge_page(request, old, {**self.admin_site.each_context(request), "opts": self.opts})

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
