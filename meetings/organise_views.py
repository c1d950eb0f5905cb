"""A meeting in the hands of its organisers: edited, told of, copied, and who was there."""

import csv
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.permissions import signed_in
from network.transitions import InvalidTransition

from . import agenda, answering, attending, inviting, preparing
from .agenda_views import organised
from .forms import CancelForm, GuestForm, HeadcountForm, MeetingForm, WalkInForm
from .models import Meeting, MeetingGuest
from .models.participation import Answer, Attendance


@require_safe
def organise(request: HttpRequest, pk: int) -> HttpResponse:
    """All that an organiser does before the meeting, on one page."""
    meeting = organised(request, pk)
    items = (
        meeting.items.accepted().select_related("organisation", "carried_from__meeting").prefetch_related("attachments")
    )
    people = meeting.participations.select_related("person", "organisation").order_by("answer", "pk")
    context = {
        "meeting": meeting,
        "when": inviting.when(meeting),
        "clock": agenda.clock(meeting, items.order_by("position", "pk")),
        "proposals": meeting.items.proposed()
        .select_related("proposer")
        .prefetch_related("attachments")
        .order_by("created_at", "pk"),
        "put_aside": meeting.items.filter(status__in=["merged", "postponed", "declined"]).select_related("merged_into"),
        "carried": agenda.carried(meeting) if meeting.first_day else [],
        "actions": agenda.open_actions(meeting),
        "guests": meeting.guests.all(),
        "people": people,
        "numbers": dict.fromkeys(Answer.values, 0) | numbers(people),
        "changes": inviting.in_words(inviting.changed(meeting)),
        "missing": missing(meeting),
    }
    return render(request, "meetings/organise.html", context)


def numbers(people: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in people:
        found[one.answer] = found.get(one.answer, 0) + 1
    return found


def missing(meeting: Meeting) -> list[str]:
    counted = preparing.for_desk(Meeting.objects.filter(pk=meeting.pk)).get()
    return [str(preparing.LACKING[code]) for code in preparing.lacks(counted)]


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """“Save” tells nobody; “Save and tell” leads to the message of all that has changed since the last one."""
    meeting = organised(request, pk)
    with transaction.atomic():
        if request.method == "POST":
            meeting = inviting.held(meeting)
        form = MeetingForm(request.POST or None, instance=meeting)
        if saved := form.is_valid():
            form.write("updated_at")
            answering.fill_places(meeting)
    if saved and "tell" in request.POST:
        return redirect("meetings:tell" if meeting.invited_at else "meetings:invite", meeting.pk)
    if saved:
        messages.success(request, _("Saved. Nobody has been told of it."))
        return redirect("meetings:organise", meeting.pk)
    return render(request, "meetings/meeting_edit.html", {"meeting": meeting, "form": form})


@require_POST
def meeting_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """The next meeting from this one, as a draft."""
    meeting = organised(request, pk)
    new = preparing.copy(meeting, by=signed_in(request))
    messages.success(request, _("The next meeting is a draft now. Check its time and agenda, then invite."))
    return redirect("meetings:organise", new.pk)


@require_POST
def meeting_publish(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = organised(request, pk)
    verb(
        request,
        lambda: inviting.publish(meeting, by=signed_in(request)),
        _("The meeting is in the lists. No message was sent."),
    )
    return redirect("meetings:organise", meeting.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """The message as people will get it, to how many it goes, and the button that sends it."""
    meeting = organised(request, pk)
    if request.method == "POST":
        verb(request, lambda: inviting.invite(meeting, by=signed_in(request)), _("The invitations are leaving."))
        return redirect("meetings:organise", meeting.pk)
    people = meeting.group.invited().exclude(participations__meeting=meeting).count()
    rows = inviting.unasked(meeting)
    count = people + rows[0].count() + rows[1].count()
    return preview(request, meeting, "invite", count=count)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_tell(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = organised(request, pk)
    if request.method == "POST":
        verb(
            request, lambda: inviting.tell(meeting, by=signed_in(request)), _("The message of the changes is leaving.")
        )
        return redirect("meetings:organise", meeting.pk)
    fields = inviting.changed(meeting)
    matters = any(field in inviting.MATTERS for field in fields)
    count = len(inviting.reached(meeting)) if fields else 0
    return preview(request, meeting, "change", count=count, changes=inviting.in_words(fields), matters=matters)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = organised(request, pk)
    form = CancelForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        verb(request, lambda: inviting.cancel(meeting, by=signed_in(request), reason=reason), _("The meeting is cancelled, and those who knew of it are told."))  # fmt: skip
        return redirect("meetings:organise", meeting.pk)
    return preview(request, meeting, "cancel", count=len(inviting.reached(meeting)), form=form)


def preview(request: HttpRequest, meeting: Meeting, what: str, *, count: int, **more: Any) -> HttpResponse:
    subject, text = inviting.preview(meeting, what)
    later = ("reminder", "speaker") if what == "invite" else ()
    context = {
        "meeting": meeting,
        **{name: inviting.preview(meeting, name) for name in later},
        "what": what,
        "count": count,
        "subject": subject,
        "text": text,
        "when": inviting.when(meeting),
        **more,
    }
    return render(request, "meetings/tell.html", context)


def verb(request: HttpRequest, do: Any, words: str) -> None:
    """Do it and tell what came of it."""
    try:
        do()
    except (ValidationError, InvalidTransition) as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, words)


# Guests ---------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def guest_new(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = organised(request, pk)
    form = GuestForm(request.POST or None, instance=MeetingGuest(meeting=meeting))
    if form.is_valid():
        return form.once(lambda: kept_guest(form, meeting))
    return render(request, "meetings/guest_edit.html", {"meeting": meeting, "form": form, "guest": None})


def kept_guest(form: Any, meeting: Meeting) -> str:
    form.save()
    return reverse("meetings:organise", args=[meeting.pk]) + "#vieraat"


@require_http_methods(["GET", "HEAD", "POST"])
def guest_edit(request: HttpRequest, pk: int, guest: int) -> HttpResponse:
    meeting = organised(request, pk)
    found = get_object_or_404(meeting.guests, pk=guest)
    form = GuestForm(request.POST or None, instance=found)
    if "delete" in request.POST:
        if found.invited_at:
            messages.error(request, _("This guest has been invited. Tell her yourself, and mark her as not coming."))
        else:
            found.delete()
            messages.success(request, _("The guest is off the list."))
        return redirect("meetings:organise", meeting.pk)
    if form.is_valid():
        return form.once(lambda: kept_guest(form, meeting))
    return render(request, "meetings/guest_edit.html", {"meeting": meeting, "form": form, "guest": found})


# Who was there --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """One press for each, one for all, walk-ins by name, and numbers by sector."""
    meeting = organised(request, pk)
    act = request.POST.get("act", "")
    walk_in = WalkInForm(request.POST if act == "walk-in" else None)
    heads = HeadcountForm(request.POST if act == "heads" else None, meeting=meeting)
    if act == "walk-in" and walk_in.is_valid():
        return walk_in.once(lambda: came(meeting, walk_in))
    if act == "heads" and heads.is_valid():
        attending.set_headcounts(meeting, heads.cleaned_data)
        return redirect("meetings:attendance", meeting.pk)
    if act in {"one", "guest", "all"}:
        marked(request, meeting, act)
        return redirect(f"{reverse('meetings:attendance', args=[meeting.pk])}#lista")
    context = {
        "meeting": meeting,
        "when": inviting.when(meeting),
        "people": meeting.participations.select_related("person", "organisation").order_by(
            "person__name", "name", "pk"
        ),
        "guests": meeting.guests.all(),
        "counts": attending.counts(meeting),
        "values": Attendance.choices,
        "walk_in": walk_in,
        "heads": heads,
    }
    return render(request, "meetings/attendance.html", context)


def came(meeting: Meeting, form: WalkInForm) -> str:
    given = {name: form.cleaned_data[name] for name in ("name", "organisation", "sector", "attendance")}
    attending.add_walk_in(meeting, **given)
    return reverse("meetings:attendance", args=[meeting.pk]) + "#lista"


def marked(request: HttpRequest, meeting: Meeting, act: str) -> None:
    value = request.POST.get("value", "")
    try:
        if act == "all":
            count = attending.mark_all(meeting, value)
            messages.success(
                request,
                ngettext("%(count)d person was marked.", "%(count)d people were marked.", count) % {"count": count},
            )
            return
        pk = request.POST.get("pk", "")
        rows: Any = meeting.participations if act == "one" else meeting.guests
        if not pk.isdecimal():
            raise Http404
        attending.mark(get_object_or_404(rows, pk=pk), value)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))


@require_safe
def participants_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of those who registered or answered, for organisers."""
    meeting = organised(request, pk)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ilmoittautuneet-{meeting.pk}.csv"'
    response["Cache-Control"] = "private, no-store"
    response.write("\ufeff")
    rows = csv.writer(response, delimiter=";")
    rows.writerow([_("Name"), _("Organisation"), _("E-mail"), _("Answer"), _("Word"), _("Attendance")])
    for one in meeting.participations.select_related("person", "organisation").order_by("pk"):
        where = one.organisation.local_name if one.organisation else one.organisation_name
        email = one.person.email if one.person else one.email
        told = (one.shown_name, where, email, one.get_answer_display(), one.note, one.get_attendance_display())
        rows.writerow([harmless(str(word)) for word in told])
    return response


def harmless(text: str) -> str:
    """A spreadsheet takes what begins so for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
