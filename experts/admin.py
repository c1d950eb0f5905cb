"""The desk's part of expert activity: its words, the operating guide, the fee model and the settings.

Profiles, consents and orders have no list here: the desk is for all coordinators, they are for coordinators of expert
activity only, who have pages of their own.
"""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from network.admin.base import LANGUAGES, CodeAdmin, PlainFields, PortalAdmin
from network.transitions import InvalidTransition

from .models import ActivitySettings, ExpertTheme, FeeModelVersion, FeeRow, GuideVersion, Occasion, TalkFormat, TaskType


@admin.register(ExpertTheme, Occasion)
class WordAdmin(CodeAdmin):
    list_display = ("name", "code", "in_use", "position")
    list_filter = ("in_use",)
    search_fields = ("name", "name_sv", "name_en", "code")
    fieldsets: ClassVar[Any] = [
        (None, {"fields": ["name", "code", "position", "in_use"]}),
        (LANGUAGES, {"fields": ["name_sv", "name_en"]}),
    ]


@admin.register(TalkFormat)
class TalkFormatAdmin(WordAdmin):
    fieldsets: ClassVar[Any] = [
        (None, {"fields": ["name", "code", "usual_minutes", "position", "in_use"]}),
        (LANGUAGES, {"fields": ["name_sv", "name_en"]}),
    ]


@admin.register(TaskType)
class TaskTypeAdmin(WordAdmin):
    fieldsets: ClassVar[Any] = [
        (None, {"fields": ["name", "code", "has_several_sessions", "briefing", "position", "in_use"]}),
        (LANGUAGES, {"fields": ["name_sv", "briefing_sv", "name_en", "briefing_en"]}),
    ]


class VersionAdmin(PortalAdmin):
    """A draft is written and published; what is published stays as it is."""

    list_display: tuple[str, ...] = ("version", "published_at")
    readonly_fields = ("published_at",)
    actions = ("publish",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.published_at is None)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and obj is not None and obj.published_at is None

    @admin.action(description=_("Publish the chosen version"))
    def publish(self, request: HttpRequest, queryset: Any) -> None:
        for version in queryset:
            try:
                version.publish(by=request.user)
            except InvalidTransition as refusal:
                messages.error(request, " ".join(refusal.messages))


@admin.register(GuideVersion)
class GuideAdmin(VersionAdmin):
    fieldsets: ClassVar[Any] = [
        (None, {"fields": ["version", "body", "published_at"]}),
        (LANGUAGES, {"fields": ["body_sv", "body_en"]}),
    ]


class FeeRowInline(PlainFields, admin.TabularInline):
    model = FeeRow
    extra = 2
    fields = ("task_type", "minutes", "amount")


@admin.register(FeeModelVersion)
class FeeModelAdmin(VersionAdmin):
    list_display = ("version", "valid_from", "valid_until", "published_at")
    inlines: ClassVar[list[Any]] = [FeeRowInline]
    fieldsets: ClassVar[Any] = [
        (None, {"fields": ["version", "body", "valid_from", "valid_until", "published_at"]}),
        (LANGUAGES, {"fields": ["body_sv", "body_en"]}),
    ]


@admin.register(ActivitySettings)
class ActivitySettingsAdmin(PortalAdmin):
    fields = ("orderers", "guests_may_order", "sending", "remind_days", "escalate_days", "register_links")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
