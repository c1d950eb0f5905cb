"""Requests about own data, how long things are kept, and feedback on the site."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from network import incoming, retention
from network.models import DataRequest, Feedback, RetentionPeriod, User

from .base import PortalAdmin, verb_action
from .membership import PersonField

OPEN = [("open", gettext_lazy("Waiting")), ("overdue", gettext_lazy("Overdue")), ("done", gettext_lazy("Done"))]


class WaitingFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return OPEN

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        late: QuerySet[Any] = queryset.open().filter(due_on__lt=timezone.localdate())
        states = {
            "open": queryset.open(),
            "overdue": late,
            "done": queryset.exclude(pk__in=queryset.open().values("pk")),
        }
        return states.get(self.value() or "", queryset)


class DataRequestForm(forms.ModelForm):
    person = PersonField(label=gettext_lazy("person's e-mail address"), max_length=254)


@admin.register(DataRequest)
class DataRequestAdmin(PortalAdmin):
    """What came by mail or telephone is written down here; what people do themselves is here already."""

    form = DataRequestForm
    list_display = ("kind", "person", "created_at", "due_on", "is_late", "done_at")
    list_filter = (WaitingFilter, "kind")
    list_select_related = ("person",)
    search_fields = ("person__email", "person__name")
    readonly_fields = ("created_at", "due_on", "done_at", "done_by", "carry_out")
    actions = [
        verb_action(
            "close",
            gettext_lazy("Mark as done"),
            lambda count: (
                ngettext("%(count)d request is done.", "%(count)d requests are done.", count) % {"count": count}
            ),
        )
    ]

    def get_fieldsets(self, request: HttpRequest, obj: DataRequest | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": ["kind", "person", "note"]})]
        return [
            (None, {"fields": ["kind", "person", "note", "created_at", "due_on", "done_at", "done_by", "carry_out"]})
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: DataRequest | None = None) -> tuple[str, ...]:
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, "kind", "person") if obj else tuple(fixed)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A log: what has come stays, without names after its time."""
        return False

    @admin.display(description=gettext_lazy("overdue"))
    def is_late(self, request: DataRequest) -> str:
        return _("Overdue") if request.is_overdue else ""

    @admin.display(description=gettext_lazy("carry out"))
    def carry_out(self, request: DataRequest) -> SafeString | str:
        """Ways to do what was asked, for a person who does not sign in."""
        if request.person is None:
            return ""
        links = [
            (reverse("admin:network_user_own_data", args=[request.person_id]), _("Give the data as a file")),
            (reverse("admin:network_user_change", args=[request.person_id]), _("Correct the details")),
        ]
        if not request.person.is_staff:
            links.append((reverse("admin:network_user_delete", args=[request.person_id]), _("Erase the account")))
        html = format_html(" ".join(['<a class="button" href="{}">{}</a>'] * len(links)), *sum(links, ()))
        return html


@admin.register(RetentionPeriod)
class RetentionPeriodAdmin(PortalAdmin):
    """One row for each rule of the code: neither added nor taken away."""

    list_display = ("__str__", "days")
    fields = ["description", "days"]
    readonly_fields = ("description",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(code__in=retention.RULES)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("what is kept"))
    def description(self, period: RetentionPeriod) -> str:
        return str(period)


@admin.register(Feedback)
class FeedbackAdmin(PortalAdmin):
    list_display = ("subject", "short", "created_at", "due_on", "is_late", "handled_at")
    list_filter = (WaitingFilter, "kind")
    search_fields = ("body", "page")
    ordering = (F("handled_at").desc(nulls_first=True), F("due_on").asc(nulls_last=True), "created_at")
    fields = ["kind", "body", "page", "sender_name", "sender_email", "created_at", "due_on", "handled_at", "handled_by", "answer"]  # fmt: skip
    readonly_fields = ("kind", "body", "page", "sender_name", "sender_email", "created_at", "due_on", "handled_at", "handled_by")  # fmt: skip
    actions = [
        verb_action(
            "handle",
            gettext_lazy("Mark as handled"),
            lambda count: ngettext("%(count)d is handled.", "%(count)d are handled.", count) % {"count": count},
        )
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Feedback, form: Any, change: bool) -> None:
        """Writing what was done is handling it, and who gave an address reads it by mail.

        Later corrections of the words leave who did it, and are not mailed.
        """
        if obj.handled_at is not None or not obj.answer:
            super().save_model(request, obj, form, change)
            return
        try:
            incoming.handle(obj, by=cast(User, request.user), answer=obj.answer, send=True)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj and obj.sender_email and obj.handled_at is None:
            kwargs["help_texts"] = {"answer": _("This is mailed to the sender, who has asked for an answer.")}
        return super().get_form(request, obj, change, **kwargs)

    @admin.display(description=gettext_lazy("what it is about"))
    def subject(self, feedback: Feedback) -> str:
        return _("Accessibility") if feedback.due_on else _("Idea")

    @admin.display(description=gettext_lazy("message"))
    def short(self, feedback: Feedback) -> str:
        return str(feedback)

    @admin.display(description=gettext_lazy("overdue"))
    def is_late(self, feedback: Feedback) -> str:
        return _("Overdue") if feedback.is_overdue else ""
