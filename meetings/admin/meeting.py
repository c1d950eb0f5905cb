"""Meetings on the desk: what each still lacks, its agenda, and the verbs that the site has, too."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from meetings import agenda, answering, inviting, preparing
from meetings.forms import ItemForm, LocalDateTime
from meetings.models import AgendaItem, Headcount, Meeting, MeetingGuest, MeetingSession, WorkshopTable
from network.admin.base import PortalAdmin, PortalInline, verb_action
from network.merging import BEGAN

from .fields import DaysField, PeopleField

STATES = [
    ("coming", gettext_lazy("Upcoming")),
    ("draft", gettext_lazy("Drafts")),
    ("past", gettext_lazy("Past")),
    ("cancelled", gettext_lazy("Cancelled")),
    ("lacking", gettext_lazy("Without an agenda in a week")),
    ("proposals", gettext_lazy("With unanswered proposals")),
]

DATE_TIME: dict[str, Any] = {"form_class": forms.DateTimeField, "widget": LocalDateTime}


class MeetingAdminForm(forms.ModelForm):
    organisers = PeopleField(
        label=gettext_lazy("organisers"), required=False, max_length=3000,
        help_text=gettext_lazy("Addresses of their accounts, one a line. They prepare the agenda and write the minutes."),
    )  # fmt: skip
    reminds_days_before = DaysField(
        label=gettext_lazy("reminders to participants, days before"), required=False, max_length=100
    )
    reminds_speakers_days_before = DaysField(
        label=gettext_lazy("reminders to speakers, days before"), required=False, max_length=100
    )


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return STATES

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "coming":
                return queryset.standing().upcoming()
            case "draft":
                return queryset.filter(published_at=None)
            case "past":
                return queryset.past()
            case "cancelled":
                return queryset.exclude(cancelled_at=None)
            case "lacking":
                return queryset.filter(pk__in=preparing.soon_without_agenda().values("pk"))
            case "proposals":
                return queryset.filter(pk__in=AgendaItem.objects.proposed().values("meeting"))
        return queryset


class WithTimes(PortalInline):
    formfield_overrides: ClassVar[dict[Any, Any]] = {
        **PortalInline.formfield_overrides,
        models.DateTimeField: DATE_TIME,
    }


class ItemInline(PortalInline):
    """The agenda. The number gives the order; an empty one comes last. Waiting proposals are decided on the site's page.

    What somebody changes on the site meanwhile is merged row by row (`network.merging`)."""

    model = AgendaItem
    form = ItemForm
    follows = "part-agenda"
    classes = ()
    extra = 2
    related = ("meeting", "organisation")
    fields = [
        ("position", "title"), ("kind", "minutes", "presenter"), "description", "organisation", ("publicity", "ground"),
        ("link", "is_open"), BEGAN,
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(status=AgendaItem.Status.ACCEPTED).order_by("position", "pk")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What has been proposed or talked about is not deleted: it is merged, postponed or declined."""
        return False


class GuestInline(PortalInline):
    model = MeetingGuest
    follows = "part-agenda"
    related = ("meeting",)
    readonly_fields = ("answer", "note")
    fields = [("name", "organisation", "role"), "topic", ("email", "language", "is_speaker"), ("answer", "note"), ("name_may_be_published", "slides_may_be_published")]  # fmt: skip


class SessionInline(WithTimes):
    model = MeetingSession
    follows = "part-when"
    related = ("meeting",)
    fields = ["title", ("starts_at", "ends_at"), "venue"]


class HeadcountInline(PortalInline):
    model = Headcount
    follows = "part-after"
    related = ("meeting",)
    max_num = 5
    fields = [("sector", "number")]


class TableInline(PortalInline):
    model = WorkshopTable
    follows = "part-after"
    related = ("meeting",)
    fields = [("number", "topic", "host"), "notes"]


@admin.register(Meeting)
class MeetingAdmin(PortalAdmin):
    form = MeetingAdminForm
    change_form_template = "admin/meetings/meeting_form.html"
    formfield_overrides: ClassVar[dict[Any, Any]] = {**PortalAdmin.formfield_overrides, models.DateTimeField: DATE_TIME}
    inlines = [SessionInline, ItemInline, GuestInline, HeadcountInline, TableInline]
    list_display = ("title", "when", "kind", "group", "state", "lacking")
    list_filter = (StateFilter, "kind", "group")
    list_select_related = ("group",)
    search_fields = ("title", "description", "items__title")
    readonly_fields = ("state", "steps", "invited_at", "cancelled_at", "cancel_reason")
    fieldsets = [
        (None, {"fields": ["title", ("kind", "group", "series"), "description", "themes", "organisers", "steps"]}),
        (gettext_lazy("When"), {"fields": ["precision", ("starts_at", "ends_at"), ("first_day", "last_day"), "time_text"], "classes": ["part-when"]}),
        (gettext_lazy("Where"), {"fields": ["form", "join_link", ("venue", "address", "municipality"), "accessibility", "catering", "travel"]}),
        (gettext_lazy("For whom"), {"fields": ["audience", ("is_public", "open_to_non_members"), ("capacity", "registration_until"), "proposals_until", ("reminds_days_before", "reminds_speakers_days_before")], "classes": ["part-agenda"]}),
        (gettext_lazy("How it went"), {"fields": [("headcount", "decision_makers", "experts"), "source"], "classes": ["part-after", "collapse"]}),
        (gettext_lazy("State"), {"fields": ["state", "invited_at", "cancelled_at", "cancel_reason"], "classes": ["collapse"]}),
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return preparing.for_desk(Meeting.objects.select_related("group", "municipality"))

    # What the list tells ----------------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("time"), ordering="first_day")
    def when(self, meeting: Meeting) -> str:
        return inviting.when(meeting)

    @admin.display(description=gettext_lazy("state"))
    def state(self, meeting: Meeting) -> str:
        if meeting.is_cancelled:
            return _("Cancelled")
        if meeting.is_draft:
            return _("Draft")
        if meeting.pk and meeting.is_over:
            return _("Held")
        return _("Invited") if meeting.invited_at else _("In the lists, not invited")

    @admin.display(description=gettext_lazy("lacks"))
    def lacking(self, meeting: Meeting) -> str:
        return ", ".join(str(preparing.LACKING[code]) for code in preparing.lacks(meeting)) or "–"

    @admin.display(description=gettext_lazy("next steps"))
    def steps(self, meeting: Meeting) -> str:
        """Ways to the pages that show the message before it is sent, and to the others of organisers."""
        if not meeting.pk:
            return "–"
        pages = [
            ("organise", _("Agenda, proposals and answers")), ("invite", _("Look at the invitation and send it")),
            ("tell", _("Tell of the changes")), ("attendance", _("Who is there")), ("cancel", _("Cancel the meeting")),
        ]  # fmt: skip
        if meeting.wants_agenda:
            pages.append(("minutes_write", _("Write the minutes")))
        links = [(reverse(f"meetings:{name}", args=[meeting.pk]), label) for name, label in pages]
        return format_html_join(" · ", '<a href="{}">{}</a>', links)

    # Saving -----------------------------------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """A new item without a number comes last, on the agenda at once."""
        super().save_formset(request, form, formset, change)
        if formset.model is AgendaItem:
            for item in formset.new_objects:
                if not item.position:
                    AgendaItem.objects.filter(pk=item.pk).update(position=agenda.last_position(form.instance) + 1)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """A new meeting of a series begins with its usual agenda, and with what earlier ones left open."""
        super().save_related(request, form, formsets, change)
        meeting = form.instance
        if not change and not meeting.items.exists():
            preparing.usual(meeting)
            agenda.carry(meeting)
        if change and "capacity" in form.changed_data:
            answering.fill_places(meeting)

    def response_change(self, request: HttpRequest, obj: Meeting) -> HttpResponse:
        return self.to_message(request, obj) or super().response_change(request, obj)

    def response_add(self, request: HttpRequest, obj: Meeting, post_url_continue: Any = None) -> HttpResponse:
        return self.to_message(request, obj) or super().response_add(request, obj, post_url_continue)

    def to_message(self, request: HttpRequest, obj: Meeting) -> HttpResponse | None:
        """“Save and tell” shows the message before it is sent."""
        if "_tell" not in request.POST:
            return None
        return redirect("meetings:tell" if obj.invited_at else "meetings:invite", obj.pk)

    def view_on_site(self, meeting: Meeting) -> str:
        return meeting.get_absolute_url()

    def has_delete_permission(self, request: HttpRequest, obj: Meeting | None = None) -> bool:
        """A draft may be thrown away; what people know of is cancelled."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_draft)

    # Actions ----------------------------------------------------------------------------------------------------------

    @admin.action(description=gettext_lazy("The next meeting from the chosen one"), permissions=["add"])
    def copy(self, request: HttpRequest, queryset: QuerySet[Meeting]) -> HttpResponse | None:
        """A draft of the next time, opened at once."""
        if len(queryset) != 1:
            self.message_user(request, _("Choose one meeting."), "ERROR")
            return None
        return self.copied(request, queryset[0])

    def get_urls(self) -> Any:
        following = self.admin_site.admin_view(require_POST(self.next_meeting))
        return [path("<int:pk>/seuraava/", following, name="meetings_meeting_next"), *super().get_urls()]

    def next_meeting(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The button on a meeting's own form: next month's from last month's in two presses."""
        return self.copied(request, get_object_or_404(Meeting, pk=pk))

    def copied(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        new = preparing.copy(meeting, by=request.user)  # type: ignore[arg-type]
        self.log_addition(request, new, _("The next meeting from the chosen one"))
        self.message_user(
            request, _("The next meeting is a draft now. Check its time and agenda, then invite."), "SUCCESS"
        )
        return redirect("admin:meetings_meeting_change", new.pk)

    def get_actions(self, request: HttpRequest) -> Any:
        """Meetings are thrown away one by one, if at all."""
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        return found

    actions = [
        "copy",
        verb_action(
            inviting.publish, gettext_lazy("Into the lists without a message"),
            lambda count: ngettext("%(count)d meeting is in the lists.", "%(count)d meetings are in the lists.", count) % {"count": count},
        ),
        verb_action(
            inviting.invite, gettext_lazy("Invite to the chosen meetings"),
            lambda count: ngettext("The invitations of %(count)d meeting are leaving.", "The invitations of %(count)d meetings are leaving.", count) % {"count": count},
        ),
        verb_action(
            inviting.tell, gettext_lazy("Tell of the changes of the chosen meetings"),
            lambda count: ngettext("The message of %(count)d meeting is leaving.", "The messages of %(count)d meetings are leaving.", count) % {"count": count},
        ),
        verb_action(
            inviting.cancel, gettext_lazy("Cancel the chosen meetings and tell of it"),
            lambda count: ngettext("%(count)d meeting was cancelled.", "%(count)d meetings were cancelled.", count) % {"count": count},
        ),
    ]  # fmt: skip
