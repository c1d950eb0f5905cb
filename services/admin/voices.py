"""What people and machines tell of the listings: lists to read. Reports are answered in the inbox."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.admin.base import PortalAdmin
from services.models import LinkCheck, ListingReport, ServiceNotice


class ToRead(PortalAdmin):
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [(None, {"fields": list(self.fields or [])})]


class WaitingFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("yes", _("Waits for an answer")), ("no", _("Handled"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(handled_at__isnull=self.value() == "yes") if self.value() in ("yes", "no") else queryset


@admin.register(ListingReport)
class ListingReportAdmin(ToRead):
    list_display = ("service", "kind", "created_at", "escalated_at", "handled_at")
    list_filter = (WaitingFilter, "kind")
    list_select_related = ("service",)
    search_fields = ("service__name", "service__organisation__name")
    fields = (
        "service",
        "kind",
        "body",
        "sender_email",
        "created_at",
        "escalated_at",
        "handled_at",
        "handled_by",
        "answer",
    )

    def view_on_site(self, report: ListingReport) -> str:
        return reverse("incoming_detail", args=[report._meta.model_name, report.pk])


@admin.register(ServiceNotice)
class ServiceNoticeAdmin(ToRead):
    list_display = ("service", "kind", "before", "after", "at")
    list_filter = ("kind",)
    list_select_related = ("service",)
    search_fields = ("service__name", "before", "after")
    fields = ("service", "kind", "before", "after", "at", "told_at_once_at", "told_weekly_at")


class BrokenFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "broken"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("yes", _("Does not work"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.failing() if self.value() == "yes" else queryset


@admin.register(LinkCheck)
class LinkCheckAdmin(ToRead):
    list_display = ("url", "failure", "failing_since", "status", "checked_at")
    list_filter = (BrokenFilter, "failure")
    search_fields = ("url",)
    fields = ("url", "status", "failure", "failing_since", "checked_at", "due_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LinkCheck]:
        return LinkCheck.objects.all()
