"""Answers: on the meeting's page, by the link of a mail, and registering without an account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from network.permissions import signed_in
from network.public_forms import open_form

from . import answering, inviting, permissions, registering
from .forms import AnswerForm, GuestAnswerForm, RegistrationForm
from .models import Meeting, MeetingGuest, Participation
from .models.participation import Answer
from .views import seen_meeting


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """A member's answer, with a word to the organisers."""
    meeting = seen_meeting(request, pk)
    if not permissions.can_answer(request.user, meeting):
        raise PermissionDenied
    person = signed_in(request)
    own = meeting.participations.filter(person=person).first()
    form = AnswerForm(request.POST or None, initial={"answer": own.answer, "note": own.note} if own else {})
    if form.is_valid():
        try:
            given = answering.answer_as_member(
                meeting, person, form.cleaned_data["answer"], note=form.cleaned_data["note"]
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, told(given))
            return redirect(meeting)
    return render(
        request, "meetings/answer.html", {"meeting": meeting, "form": form, "when": inviting.when(meeting), "own": own}
    )


def told(given: str) -> str:
    return {
        Answer.COMING: _("Your answer is saved: you are coming."),
        Answer.MAYBE: _("Your answer is saved: maybe."),
        Answer.NOT_COMING: _("Your answer is saved: you are not coming."),
        Answer.WAITING: _("All places are taken. You are in line, and get a message when a place is free."),
    }[Answer(given)]


@login_not_required
@open_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind a mail's link. Opening it answers nothing: programs that check mail open links. It signs nobody in."""
    one = asked(token)
    meeting = one.meeting
    closed = meeting.is_cancelled or meeting.is_over
    guest = isinstance(one, MeetingGuest)
    kind = GuestAnswerForm if guest else AnswerForm
    wanted = request.GET.get("vastaus", "")
    initial = {"answer": wanted if wanted in Answer.values else one.answer, "note": one.note}
    if isinstance(one, MeetingGuest):
        initial |= {name: getattr(one, name) for name in ("name_may_be_published", "slides_may_be_published")}
    form = kind(request.POST if request.method == "POST" and not closed else None, initial=initial)
    if form.is_valid():
        try:
            answering.answer(one, form.cleaned_data["answer"], note=form.cleaned_data["note"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if isinstance(one, MeetingGuest):
                answering.consent(
                    one,
                    name=form.cleaned_data["name_may_be_published"],
                    slides=form.cleaned_data["slides_may_be_published"],
                )
            return redirect(f"{request.path}?kiitos=1")
    context = {
        "meeting": meeting, "one": one, "form": form, "closed": closed, "when": inviting.when(meeting), "guest": guest,
        "thanks": told(one.answer) if "kiitos" in request.GET and one.answer != Answer.INVITED else "",
        "join_link": meeting.join_link if one.invited_at and one.answer not in {Answer.WAITING, Answer.NOT_COMING} and not closed else "",
    }  # fmt: skip
    response = render(request, "meetings/answer_by_link.html", context)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def asked(token: str) -> Participation | MeetingGuest:
    """Whose link it is. 404 when it is not ours."""
    found: Participation | MeetingGuest | None = (
        Participation.objects.signed(token).select_related("meeting__group", "meeting__municipality", "person").first()
        or MeetingGuest.objects.signed(token).select_related("meeting__group", "meeting__municipality").first()
    )
    if found is None:
        raise Http404(_("This link is not complete. Copy the whole address from the message."))
    return found


@login_not_required
@open_form
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(
        Meeting.objects.published().select_related("group", "municipality"), pk=pk, is_public=True
    )
    if not registering.is_open(meeting):
        return render(
            request, "meetings/register_closed.html", {"meeting": meeting}, status=410 if meeting.is_over else 200
        )
    form = RegistrationForm(request.POST or None, request=request)
    if form.is_valid():
        try:
            return form.once(lambda: taken(meeting, form))
        except ValidationError as error:
            form.add_error(None, error)
    context = {"meeting": meeting, "form": form, "when": inviting.when(meeting), "full": answering.is_full(meeting)}
    return render(request, "meetings/register.html", context)


def taken(meeting: Meeting, form: RegistrationForm) -> str:
    registering.register(meeting, form.save(commit=False))
    return reverse("meetings:registered", args=[meeting.pk])


@login_not_required
@require_safe
def registered(request: HttpRequest, pk: int) -> HttpResponse:
    """The same thanks for all: whether there was a place, and whether the address was known, is told in the mail only."""
    meeting = get_object_or_404(Meeting.objects.published(), pk=pk, is_public=True)
    return render(request, "meetings/registered.html", {"meeting": meeting, "when": inviting.when(meeting)})
