"""Groups, series and themes on the desk."""

from typing import Any

from django.contrib import admin
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.models import Group, GroupMembership, MeetingSeries, MeetingTheme, SeriesItem
from meetings.models.series import WEEKS
from network.admin.base import LANGUAGES, AddressForm, CodeAdmin, PortalAdmin, PortalInline
from network.admin.membership import MembershipForm, OneOpenMembershipPerPerson

from .fields import NumbersField


class GroupMembershipInline(PortalInline):
    model = GroupMembership
    form = MembershipForm
    formset: type[BaseInlineFormSet] = OneOpenMembershipPerPerson
    related = ("person", "group")
    fields = [("person", "role"), ("is_organiser", "has_expert_seat", "wants_mail"), ("since", "until")]


class GroupForm(AddressForm):
    pass


@admin.register(Group)
class GroupAdmin(PortalAdmin):
    form = GroupForm
    inlines = [GroupMembershipInline]
    list_display = ("name", "kind", "is_open", "is_public", "ended_on")
    list_filter = ("kind", "is_open")
    search_fields = ("name",)
    fieldsets = [
        (None, {"fields": ["name", "slug", "kind", "purpose", "organisation", ("is_open", "is_public"), "expert_seats", "ended_on"]}),
        (LANGUAGES, {"fields": ["name_sv", "name_en"], "classes": ["collapse"]}),
    ]  # fmt: skip

    def view_on_site(self, group: Group) -> str:
        return group.get_absolute_url()


class SeriesItemInline(PortalInline):
    model = SeriesItem
    related = ("series",)
    classes = ()
    fields = [("position", "title"), ("kind", "minutes", "publicity")]


@admin.register(MeetingSeries)
class SeriesAdmin(PortalAdmin):
    inlines = [SeriesItemInline]
    list_display = ("name", "group", "kind", "rule", "season")
    list_select_related = ("group",)
    list_filter = ("kind",)
    readonly_fields = ("season",)
    fields = [
        "name", "group", "kind", "rule", "weeks", ("weekday", "starts_at", "minutes"), "form", "join_link", "venue", "is_public",
        "proposal_days", "ended_on", "season",
    ]  # fmt: skip

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "weeks":
            return NumbersField(
                label=db_field.verbose_name, help_text=db_field.help_text, required=False, choices=WEEKS
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("season"))
    def season(self, series: MeetingSeries) -> str:
        if not series.pk:
            return "–"
        return format_html(
            '<a href="{}">{}</a>', reverse("meetings:season", args=[series.pk]), _("Make the meetings of a season")
        )


@admin.register(MeetingTheme)
class ThemeAdmin(CodeAdmin):
    list_display = ("name", "code")
    search_fields = ("name", "code")
    fieldsets = [
        (None, {"fields": ["name", "code"]}),
        (LANGUAGES, {"fields": ["name_sv", "name_en"], "classes": ["collapse"]}),
    ]
