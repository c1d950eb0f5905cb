"""What has left by e-mail, what waits and what was given up. Only to look at, and never the message's own words."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from network.models import Message

from .base import PortalAdmin

STATES = [
    ("waiting", gettext_lazy("Waits")),
    ("sent", gettext_lazy("Sent")),
    ("failed", gettext_lazy("Given up")),
]


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return STATES

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "waiting":
                return queryset.waiting()
            case "sent":
                return queryset.exclude(sent_at=None)
            case "failed":
                return queryset.failed()
        return queryset


@admin.register(Message)
class MessageAdmin(PortalAdmin):
    list_display = ("subject", "address", "created_at", "sent_at", "failed_at")
    list_filter = (StateFilter,)
    search_fields = ("subject", "address")
    actions = None
    readonly_fields = (
        "subject", "address", "event", "language", "created_at", "attempts", "sent_at", "failed_at", "failure",
    )  # fmt: skip
    fields = readonly_fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False
