"""One's own profile and memberships, and the people of the organisations one keeps."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network import memberships
from network.mailto import mail_to
from network.models import Membership, User
from network.models.ground_rules import rules_to_accept
from network.people import visible
from network.people.forms import FunctionForm, MembershipForm, ProfileForm, RightsForm
from network.permissions import can_give_rights, can_invite, can_see_members_only, signed_in
from network.transitions import InvalidTransition


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    person = User.objects.get(pk=signed_in(request).pk)  # a copy: what is typed wrong does not greet in the page's head
    form = ProfileForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your profile was saved."))
        return redirect("profile")
    context = {
        "form": form,
        "memberships": person.memberships.current().select_related("organisation", "role"),
        "rules": rules_to_accept(person),
        "is_member": can_see_members_only(request.user),
    }
    return render(request, "network/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def membership_new(request: HttpRequest) -> HttpResponse:
    """A function besides what one stands for; whoever stands for nothing is no member, and asks to join."""
    person = signed_in(request)
    if not can_see_members_only(person):
        raise PermissionDenied
    form = FunctionForm(request.POST or None, instance=Membership(person=person))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The membership was saved."))
        return redirect("profile")
    return render(request, "network/membership_new.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def membership_edit(request: HttpRequest, pk: int) -> HttpResponse:
    membership = get_object_or_404(signed_in(request).memberships.current(), pk=pk)
    form = MembershipForm(request.POST or None, instance=membership)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The membership was saved."))
        return redirect("profile")
    return render(request, "network/membership_edit.html", {"form": form, "membership": membership})


@require_POST
def membership_end(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own, or that of a person of an organisation that one keeps."""
    person = signed_in(request)
    membership = get_object_or_404(Membership.objects.visible_to(person), pk=pk)
    try:
        memberships.end(membership, by=person)
        messages.success(request, _("The membership ends today."))
    except InvalidTransition as error:
        messages.error(request, error.messages[0])
    return redirect("profile" if membership.person_id == person.pk else "member_list")


@require_safe
def member_list(request: HttpRequest) -> HttpResponse:
    """The people of the organisations that one keeps."""
    person = signed_in(request)
    if not can_invite(person):
        raise PermissionDenied
    rows = Membership.objects.visible_to(person).current().filter(organisation__isnull=False)
    rows = rows.select_related("person", "organisation", "role").order_by(
        "organisation__sort_name", "person__name", "pk"
    )
    return render(request, "network/member_list.html", {"memberships": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def member_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is editor and who contact person; never one's own rights, but for a coordinator."""
    by = signed_in(request)
    rows = Membership.objects.visible_to(by).current().select_related("person", "organisation")
    membership = get_object_or_404(rows, pk=pk)
    if not can_give_rights(by, membership):
        raise PermissionDenied
    initial = {"is_editor": membership.is_editor, "is_contact_person": membership.is_contact_person}
    form = RightsForm(request.POST or None, initial=initial)
    if request.method == "POST" and (form := RightsForm(request.POST)).is_valid():
        try:
            memberships.give_rights(membership, by=by, **form.cleaned_data)
            messages.success(request, _("The rights were saved."))
        except InvalidTransition as error:
            messages.error(request, error.messages[0])
        return redirect("member_list")
    return render(request, "network/member_edit.html", {"form": form, "membership": membership})


@login_not_required
@require_safe
def person_email(request: HttpRequest, token: str) -> HttpResponse:
    """Opens the reader's mail program; the address stands in no page that a harvester reads."""
    try:
        return mail_to(visible.reachable(token, request.user).email)
    except User.DoesNotExist:
        raise Http404(_("There is no such person, or the address is not shown to you.")) from None
