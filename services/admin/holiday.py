"""Holiday rounds at the coordinator's desk: make one, start it, see who has answered."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from network.admin.base import PortalAdmin
from services import holidays
from services.models import HolidayRound


@admin.register(HolidayRound)
class HolidayRoundAdmin(PortalAdmin):
    list_display = ("name", "first_day", "last_day", "started_at", "answered")
    search_fields = ("name",)
    readonly_fields = ("started_at", "started_by", "standing")
    fieldsets = [
        (None, {"fields": ["name", "first_day", "last_day"]}),
        (gettext_lazy("Answers"), {"fields": ["started_at", "started_by", "standing"]}),
    ]
    actions = ["start"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[HolidayRound]":
        return super().get_queryset(request).annotate(answer_count=Count("answers"))

    @admin.display(description=gettext_lazy("answers"))
    def answered(self, one: Any) -> int:
        count: int = one.answer_count
        return count

    @admin.display(description=gettext_lazy("who has answered"))
    def standing(self, one: HolidayRound) -> str:
        if one.started_at is None:
            return _("Choose the round in the list and start it: all editors get a message.")
        return render_to_string("services/holiday_standing.html", {"standing": holidays.standing(one)})

    @admin.action(description=gettext_lazy("Start the chosen rounds: ask all editors"))
    def start(self, request: HttpRequest, queryset: "QuerySet[HolidayRound]") -> None:
        for one in queryset:
            try:
                count = holidays.start(one, by=request.user)  # type: ignore[arg-type]  # the desk is for the signed in
            except ValidationError as refusal:
                messages.error(request, f"{one}: {' '.join(refusal.messages)}")
            else:
                told = ngettext("%(count)d editor was asked.", "%(count)d editors were asked.", count) % {
                    "count": count
                }
                messages.success(request, f"{one}: {told}")
