"""Bulletins on the desk: written in a form, looked at and sent on a page of its own."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from network.models import Bulletin, Organisation, User

from .base import PortalAdmin

STATES: dict[str, Any] = {
    "proposed": gettext_lazy("Proposal"),
    "draft": gettext_lazy("Draft"),
    "scheduled": gettext_lazy("To be sent later"),
    "sent": gettext_lazy("Sent"),
    "withdrawn": gettext_lazy("Withdrawn"),
}


class BulletinForm(forms.ModelForm):
    class Meta:
        widgets: ClassVar[dict[str, Any]] = {
            name: forms.Textarea(attrs={"rows": 12}) for name in ("body", "body_sv", "body_en")
        }

    to_kinds = forms.MultipleChoiceField(
        label=gettext_lazy("to organisations of these kinds"),
        choices=Organisation.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


DAY: dict[str, Any] = {"type": "date", "aria-label": gettext_lazy("Day")}
TIME: dict[str, Any] = {"type": "time", "aria-label": gettext_lazy("Time")}


class ScheduleForm(forms.Form):
    at = forms.SplitDateTimeField(
        label=gettext_lazy("day and time"),
        widget=forms.SplitDateTimeWidget(
            date_attrs=DAY,
            time_attrs=TIME,
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        ),
    )


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return STATES.items()

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        unsent = queryset.unsent()
        match self.value():
            case "proposed":
                return queryset.proposed()
            case "draft":
                return unsent.filter(proposed_by=None, scheduled_for=None)
            case "scheduled":
                return unsent.exclude(scheduled_for=None)
            case "sent":
                return queryset.published()
            case "withdrawn":
                return queryset.exclude(withdrawn_at=None)
        return queryset


def verb(name: str, title: Any, done: Any) -> Any:
    """An action that does one thing to each chosen bulletin, in the coordinator's name."""

    @admin.action(description=title, permissions=["change"])
    def run(model_admin: Any, request: HttpRequest, queryset: QuerySet[Bulletin]) -> None:
        count = 0
        for bulletin in queryset:
            try:
                getattr(bulletin, name)(by=request.user)
            except ValidationError as error:
                model_admin.message_user(request, f"{bulletin}: {' '.join(error.messages)}", messages.ERROR)
            else:
                count += 1
                model_admin.log_change(request, bulletin, str(title))
        if count:
            model_admin.message_user(request, done(count), messages.SUCCESS)

    run.__name__ = name
    return run


@admin.register(Bulletin)
class BulletinAdmin(PortalAdmin):
    form = BulletinForm
    view_on_site = False  # the preview leads there, once it is there
    change_form_template = "admin/network/bulletin_form.html"
    list_display = ("title", "state_in_words", "is_public", "scheduled_for", "sent_at")
    list_filter = (StateFilter, "is_public")
    search_fields = ("title", "body", "title_sv", "body_sv", "title_en", "body_en")
    readonly_fields = ("state_in_words", "proposed_by", "scheduled_for", "sent_at", "withdrawn_at", "updated_at")
    actions = [
        verb(
            "withdraw",
            gettext_lazy("Withdraw the chosen bulletins"),
            lambda count: (
                ngettext("%(count)d bulletin was withdrawn.", "%(count)d bulletins were withdrawn.", count)
                % {"count": count}
            ),
        ),
        verb(
            "unschedule",
            gettext_lazy("Do not send the chosen bulletins later"),
            lambda count: (
                ngettext("%(count)d bulletin is a draft again.", "%(count)d bulletins are drafts again.", count)
                % {"count": count}
            ),
        ),
    ]
    fieldsets = [
        (None, {"fields": ["title", "body", "is_public"]}),
        (
            gettext_lazy("To whom by e-mail"),
            {
                "fields": ["to_roles", "to_kinds", "to_municipalities", "to_contact_persons"],
                "description": gettext_lazy("Nothing chosen: to all members."),
            },
        ),
        (
            gettext_lazy("In Swedish and English"),
            {"fields": ["title_sv", "body_sv", "title_en", "body_en"], "classes": ["collapse"]},
        ),
        (
            gettext_lazy("State"),
            {
                "fields": ["state_in_words", "proposed_by", "scheduled_for", "sent_at", "withdrawn_at", "updated_at"],
                "classes": ["collapse"],
            },
        ),
    ]

    @admin.display(description=gettext_lazy("state"))
    def state_in_words(self, bulletin: Bulletin) -> str:
        return str(STATES[bulletin.state])

    def get_urls(self) -> Any:
        preview = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.preview_view))
        return [path("<int:pk>/preview/", preview, name="network_bulletin_preview"), *super().get_urls()]

    def response_add(self, request: HttpRequest, obj: Bulletin, post_url_continue: Any = None) -> HttpResponse:
        return self.to_preview(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Bulletin) -> HttpResponse:
        return self.to_preview(request, obj) or super().response_change(request, obj)

    def to_preview(self, request: HttpRequest, obj: Bulletin) -> HttpResponse | None:
        return redirect("admin:network_bulletin_preview", obj.pk) if "_save" in request.POST else None

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How it will look and to how many it goes; with the buttons that send it, now or later."""
        bulletin = Bulletin.objects.filter(pk=pk).select_related("proposed_by").first()
        if bulletin is None:
            raise Http404
        if not self.has_change_permission(request, bulletin):
            raise PermissionDenied
        form = ScheduleForm(request.POST if "schedule" in request.POST else None)
        if request.method == "POST" and self.done(request, bulletin, form):
            return redirect("admin:network_bulletin_preview", pk)
        counts = {value: bulletin.audience().filter(bulletin_delivery=value).count() for value in User.Delivery.values}
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview"),
            "opts": self.opts,
            "bulletin": bulletin,
            "state": STATES[bulletin.state],
            "form": form,
            "read_at": stamp(bulletin),
            "at_once": counts[User.Delivery.AT_ONCE],
            "weekly": counts[User.Delivery.WEEKLY],
            "unwilling": counts[User.Delivery.NONE],
        }
        return render(request, "admin/network/bulletin_preview.html", context)

    def done(self, request: HttpRequest, bulletin: Bulletin, form: ScheduleForm) -> bool:
        """Do what the pressed button says and tell of it; False when the form with the time is to be corrected."""
        verbs = {
            "send": (lambda: bulletin.send(by=person), _("The bulletin is on the portal, and its mails are leaving.")),
            "send_again": (lambda: bulletin.send_again(by=person), _("The corrected bulletin goes to all again.")),
            "schedule": (
                lambda: bulletin.schedule(form.cleaned_data["at"], by=person),
                _("The bulletin will be sent at the time you chose."),
            ),
            "unschedule": (lambda: bulletin.unschedule(by=person), _("The bulletin is a draft again.")),
            "withdraw": (lambda: bulletin.withdraw(by=person), _("The bulletin was withdrawn.")),
        }
        person: Any = request.user
        name = next((name for name in verbs if name in request.POST), "")
        if not name or (name == "schedule" and not form.is_valid()):
            return False
        stale = name in {"send", "send_again", "schedule"} and request.POST.get("read_at") != stamp(bulletin)
        if stale:
            messages.error(request, _("Somebody changed the bulletin after you opened it. Read it once more."))
            return True
        do, words = verbs[name]
        try:
            do()
        except ValidationError as error:
            if name == "schedule":
                form.add_error("at", error)
                return False
            messages.error(request, " ".join(error.messages))
        else:
            self.log_change(request, bulletin, words)
            messages.success(request, words)
        return True


def stamp(bulletin: Bulletin) -> str:
    return bulletin.updated_at.isoformat()
