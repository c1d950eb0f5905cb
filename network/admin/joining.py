"""Joining, as the desk sees it: requests and invitations are answered and sent on their own pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from network.models import GroundRules, Invitation, JoinRequest

from .base import LANGUAGES, PortalAdmin, verb_action


@admin.register(GroundRules)
class GroundRulesAdmin(PortalAdmin):
    """A draft is written and published; what was published is never changed, for members have accepted those words."""

    list_display = ("version", "published_at")
    actions = [
        verb_action(
            "publish",
            _("Publish: members are asked to accept"),
            lambda count: (
                ngettext("%(count)d version was published.", "%(count)d versions were published.", count)
                % {"count": count}
            ),
        )
    ]
    fieldsets = [
        (None, {"fields": ["version", "body", "published_at"]}),
        (LANGUAGES, {"fields": ["body_sv", "body_en"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: GroundRules | None = None) -> tuple[str, ...]:
        if obj is not None and obj.published_at:
            return ("version", "body", "body_sv", "body_en", "published_at")
        return ("published_at",)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        newest = GroundRules.objects.first()
        return {"version": newest.version + 1 if newest else 1}

    def has_delete_permission(self, request: HttpRequest, obj: GroundRules | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.published_at)

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)  # it would take published ones too
        return actions


class WaitingFilter(admin.SimpleListFilter):
    title = _("waiting")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "yes":
            return queryset.waiting()
        if self.value() == "no":
            return queryset.exclude(pk__in=queryset.waiting().values("pk"))
        return queryset


class WrittenElsewhere(PortalAdmin):
    """A list to look things up in. What is done to them is done on a page of their own."""

    list_filter = (WaitingFilter,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(JoinRequest)
class JoinRequestAdmin(WrittenElsewhere):
    list_display = ("name", "email", "stands_for", "created_at", "approved_at", "declined_at")
    list_select_related = ("organisation",)
    search_fields = ("name", "email", "organisation_name", "function")

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = self.get_object(request, object_id)
        return redirect(asked if asked else "admin:network_joinrequest_changelist")


@admin.register(Invitation)
class InvitationAdmin(WrittenElsewhere):
    list_display = ("email", "organisation", "is_editor", "created_at", "expires_at", "accepted_at", "revoked_at")
    list_select_related = ("organisation",)
    search_fields = ("email", "organisation__name")

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("invitation_list")
