"""The agenda: proposing, and what organisers do with its items and their files."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.permissions import signed_in
from network.public_forms import open_form

from . import agenda, emails, files, inviting, permissions
from .forms import AttachmentForm, DecisionForm, OpenProposalForm, ProposalForm, SiteItemForm
from .models import AgendaItem, Attachment, Meeting
from .views import seen_meeting

# Proposing ------------------------------------------------------------------------------------------------------------


@login_not_required
@open_form
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """A member proposes by herself; somebody without an account to a public meeting, with a name and an address."""
    meeting = seen_meeting(request, pk)
    member = request.user.is_authenticated and permissions.can_answer(request.user, meeting)
    if not permissions.can_propose(request.user, meeting):
        return render(request, "meetings/propose_closed.html", {"meeting": meeting})
    data, uploads = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form: Any = ProposalForm(data, uploads) if member else OpenProposalForm(data, request=request)
    if form.is_valid():
        try:
            return form.once(lambda: kept(request, meeting, form, member=member))
        except ValidationError as error:
            form.add_error(None, error)
    context = {"meeting": meeting, "form": form, "when": inviting.when(meeting), "member": member}
    return render(request, "meetings/propose.html", context)


@transaction.atomic
def kept(request: HttpRequest, meeting: Meeting, form: Any, *, member: bool) -> str:
    item = form.save(commit=False)
    item.meeting = meeting
    agenda.propose(item, by=signed_in(request) if member else None)
    if upload := form.cleaned_data.get("file"):
        files.add(Attachment(name=form.cleaned_data["file_name"]), upload, by=item.proposer, item=item)
    return reverse("meetings:proposed", args=[meeting.pk])


@login_not_required
@require_safe
def proposed(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "meetings/proposed.html", {"meeting": seen_meeting(request, pk)})


# What organisers do ---------------------------------------------------------------------------------------------------


def organised(request: HttpRequest, pk: int) -> Meeting:
    """The meeting, for its organisers; 404 where it is not seen, 403 where somebody else organises it."""
    meeting = seen_meeting(request, pk)
    if not permissions.can_organise(request.user, meeting):
        raise PermissionDenied
    return meeting


def item_of(meeting: Meeting, pk: int) -> AgendaItem:
    return get_object_or_404(meeting.items.select_related("proposer", "organisation", "meeting"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def item_new(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = organised(request, pk)
    item = AgendaItem(meeting=meeting, status=AgendaItem.Status.ACCEPTED)
    form = SiteItemForm(request.POST or None, instance=item)
    if form.is_valid():
        with transaction.atomic():
            inviting.held(meeting)
            item.position = agenda.last_position(meeting) + 1
            form.save()
        messages.success(request, _("The item is on the agenda."))
        return redirect(back_to_agenda(meeting))
    return render(request, "meetings/item_edit.html", {"meeting": meeting, "form": form, "item": None})


@require_http_methods(["GET", "HEAD", "POST"])
def item_edit(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    meeting = organised(request, pk)
    with transaction.atomic():
        if request.method == "POST":
            inviting.held(meeting)  # as the desk holds it: of two who save at once the second knows of the first
        found = item_of(meeting, item)
        form = SiteItemForm(request.POST or None, instance=found)
        if saved := form.is_valid():
            form.write()
    if saved:
        messages.success(request, _("The item is saved."))
        return redirect(back_to_agenda(meeting))
    context = {"meeting": meeting, "form": form, "item": found, "attachments": found.attachments.all()}
    return render(request, "meetings/item_edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def item_decide(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Onto the agenda, into another item, to the next meeting or not at all; the proposer is told."""
    meeting = organised(request, pk)
    found = item_of(meeting, item)
    form, message = DecisionForm(request.POST or None, item=found), None
    if form.is_valid() and "preview" in request.POST:
        message = decision_message(form.cleaned_data, found)
    elif form.is_valid():
        try:
            done(form.cleaned_data, found, by=signed_in(request))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("It is done, and the proposer is told of it."))
            return redirect(back_to_agenda(meeting))
    context = {"meeting": meeting, "form": form, "item": found, "message": message}
    return render(request, "meetings/item_decide.html", context)


STATES = {"accept": "accepted", "merge": "merged", "postpone": "postponed", "decline": "declined"}


def decision_message(chosen: dict[str, Any], item: AgendaItem) -> tuple[str, str]:
    """What the proposer would get."""
    return emails.preview_decided(item, status=STATES[chosen["verb"]], reason=chosen["reason"], into=chosen["into"])


def done(chosen: dict[str, Any], item: AgendaItem, *, by: Any) -> None:
    reason = chosen["reason"]
    verbs: dict[str, Callable[[], None]] = {
        "accept": lambda: agenda.accept(item, by=by, **({"minutes": chosen["minutes"]} if chosen["minutes"] else {})),
        "merge": lambda: agenda.merge(item, chosen["into"], by=by, reason=reason),
        "postpone": lambda: agenda.postpone(item, by=by, reason=reason),
        "decline": lambda: agenda.decline(item, by=by, reason=reason),
    }
    verbs[chosen["verb"]]()


@require_POST
def item_shift(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """One place up or down."""
    meeting = organised(request, pk)
    agenda.shift(item_of(meeting, item), -1 if request.POST.get("step") == "up" else 1)
    return redirect(back_to_agenda(meeting))


@require_POST
def items_order(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole agenda as it was dragged (static/js/agenda.js); the buttons do the same step by step."""
    meeting = organised(request, pk)
    agenda.put_in_order(
        meeting, [int(key) for key in request.POST.getlist("item") if key.isdecimal() and len(key) < 19]
    )
    return redirect(back_to_agenda(meeting))


@require_POST
def item_delete(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Takes off what an organiser wrote by mistake. What a member proposed is decided on, not deleted."""
    meeting = organised(request, pk)
    found = item_of(meeting, item)
    if found.proposer_id or found.proposer_email or found.notes or found.decisions.exists() or found.actions.exists():
        messages.error(
            request, _("This item cannot be deleted: somebody proposed it, or something is written under it.")
        )
        return redirect("meetings:item_decide", meeting.pk, found.pk)
    found.delete()
    messages.success(request, _("The item is off the agenda."))
    return redirect(back_to_agenda(meeting))


@require_POST
def items_carry(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = organised(request, pk)
    count = agenda.carry(meeting)
    messages.success(
        request,
        ngettext("%(count)d open item was brought.", "%(count)d open items were brought.", count) % {"count": count},
    )
    return redirect(back_to_agenda(meeting))


def back_to_agenda(meeting: Meeting) -> str:
    return reverse("meetings:organise", args=[meeting.pk]) + "#esityslista"


# Files ----------------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def attachment_new(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    meeting = organised(request, pk)
    found = item_of(meeting, item)
    data, uploads = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = AttachmentForm(data, uploads, meeting=meeting)
    if form.is_valid():
        person = signed_in(request)
        address = reverse("meetings:item_edit", args=[meeting.pk, found.pk])

        def add() -> str:
            files.add(form.save(commit=False), form.cleaned_data["file"], by=person, item=found)
            return address

        return form.once(add)
    return render(request, "meetings/attachment_new.html", {"meeting": meeting, "form": form, "item": found})


@login_not_required
@require_safe
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """The file, for whoever sees its item; 404 for others, so that nothing tells that it is there."""
    found = Attachment.objects.select_related("item__meeting", "group", "guest", "content").filter(pk=pk).first()
    if found is None or not permissions.can_see(request.user, found):
        raise Http404
    return files.response(found)


@require_POST
def attachment_delete(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Attachment.objects.select_related("item__meeting", "group"), pk=pk)
    if not permissions.can_see(request.user, found):
        raise Http404
    if found.item:
        if not permissions.can_organise(request.user, found.item.meeting):
            raise PermissionDenied
        back = reverse("meetings:item_edit", args=[found.item.meeting_id, found.item_id])
    else:
        assert found.group is not None  # noqa: S101  the database holds it to one of the two
        mine = found.uploaded_by_id == request.user.pk
        if not mine and not permissions.can_organise_group(request.user, found.group):
            raise PermissionDenied
        back = found.group.get_absolute_url()
    found.delete()
    messages.success(request, _("The file is deleted."))
    return redirect(back)
