"""Inviting people, taking invitations back, and answering one by its link."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from network import invitations
from network.models import Invitation, User
from network.people.forms import AcceptForm, InviteForm
from network.permissions import can_invite, signed_in
from network.transitions import InvalidTransition


@require_http_methods(["GET", "HEAD", "POST"])
def invitation_list(request: HttpRequest) -> HttpResponse:
    by = signed_in(request)
    if not can_invite(by):
        raise PermissionDenied
    initial = {"organisation": request.GET.get("organisation"), "is_editor": "editor" in request.GET}
    given = {name: value for name, value in initial.items() if value}
    form, outcome = InviteForm(request.POST or None, by=by, initial=given), None
    if request.method == "POST" and form.is_valid():
        how = dict(form.cleaned_data)
        outcome = invitations.invite_all(how.pop("addresses"), by=by, **how)
        form = InviteForm(by=by, initial=how | {"addresses": "\n".join([*outcome.malformed, *outcome.too_many])})
    waiting = Invitation.objects.visible_to(by).waiting().select_related("organisation", "role", "invited_by")
    return render(request, "network/invitation_list.html", {"form": form, "outcome": outcome, "waiting": waiting})


@require_POST
def invitation_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user), pk=pk)
    try:
        invitations.revoke(invitation, by=signed_in(request))
        messages.success(request, _("The invitation was revoked. Its link opens nothing any more."))
    except InvalidTransition as error:
        messages.error(request, error.messages[0])
    return redirect("invitation_list")


@require_POST
def invitation_resend(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user), pk=pk)
    try:
        invitations.resend(invitation, by=signed_in(request))
        messages.success(request, _("The invitation was sent again to %(address)s.") % {"address": invitation.email})
    except (InvalidTransition, invitations.TooMany) as error:
        messages.error(request, error.messages[0])
    return redirect("invitation_list")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """The link proves the address. Opening it changes nothing: mail scanners open links too."""
    try:
        invitation = invitations.find(token)
    except Invitation.DoesNotExist:
        raise Http404(_("There is no such invitation.")) from None
    person = User.objects.filter(email=invitation.email).first()
    if obstacle := obstacle_of(request, invitation, person):
        status = 410 if obstacle in {"over", "closed"} else 200
        context = {"obstacle": obstacle, "invitation": invitation, "next": request.path}
        return render(request, "network/invitation_obstacle.html", context, status=status)
    form = AcceptForm(request.POST or None, invitation=invitation, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            joined = invitations.accept(invitation, **answers(form))
        except InvalidTransition as error:
            messages.error(request, error.messages[0])
            return redirect(request.path)
        return welcome(request, joined, is_new=person is None)
    return render(request, "network/invitation_accept.html", {"form": form, "invitation": invitation, "person": person})


def obstacle_of(request: HttpRequest, invitation: Invitation, person: User | None) -> str:
    """Why the invitation cannot be accepted here and now; empty when it can."""
    if not invitations.is_open(invitation):
        return "over"
    if person is not None and not person.is_active:
        return "closed"
    if request.user.is_authenticated and request.user != person:
        return "another"
    if person is not None and person.is_staff and not request.user.is_authenticated:
        return "sign-in"
    return ""


def answers(form: AcceptForm) -> dict[str, Any]:
    told: dict[str, Any] = {
        name: form.cleaned_data.get(name, "") for name in ("name", "title", "level", "function", "password")
    }
    return told | {"language": (get_language() or "fi")[:2], "rules": form.rules}


def welcome(request: HttpRequest, person: User, *, is_new: bool) -> HttpResponse:
    """A new person is signed in; somebody who had an account is not by a link alone."""
    if is_new:
        login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    if request.user.is_authenticated:
        messages.success(request, _("Welcome to the network!"))
        return redirect("profile")
    messages.success(request, _("You have joined. Sign in to see your own pages."))
    return redirect(reverse("sign_in"))
