"""The right to coordinate expert activity: the network's coordinators name who has it, without seeing profiles by that."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from network.models import User
from network.permissions import signed_in
from network.transitions import InvalidTransition

from . import permissions


class NameForm(forms.Form):
    """A person by the address of the account: no list of members to scroll."""

    email = forms.EmailField(label=gettext_lazy("E-mail address of the account"), max_length=254)

    def clean_email(self) -> str:
        address = User.objects.normalize_email(self.cleaned_data["email"])
        self.person = User.objects.filter(email=address, is_active=True).first()
        if self.person is None:
            raise ValidationError(_("Nobody has an account with this address. Invite the person first."))
        return address


def naming(request: HttpRequest) -> User:
    user = signed_in(request)
    if not user.is_coordinator:
        raise PermissionDenied
    return user


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def right_list(request: HttpRequest) -> HttpResponse:
    """Who has the right, and a form to give it to one more."""
    by = naming(request)
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and form.person is not None:
        try:
            permissions.name_expert_coordinator(form.person, by=by)
        except InvalidTransition as refusal:
            form.add_error("email", refusal)
        else:
            messages.success(request, _("The right has been given."))
            return redirect("experts:right_list")
    people = User.objects.filter(coordinates_experts=True, is_active=True).order_by("name", "pk")
    return render(request, "experts/right_list.html", {"people": people, "form": form})


@never_cache
@require_POST
def right_end(request: HttpRequest, pk: int) -> HttpResponse:
    """A coordinator takes the right, or one lays it down oneself."""
    by = signed_in(request)
    if not (by.is_coordinator or (by.pk == pk and by.coordinates_experts)):
        raise PermissionDenied
    person = get_object_or_404(User, pk=pk, coordinates_experts=True)
    try:
        permissions.end_expert_coordinator(person, by=by)
    except InvalidTransition as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The right has ended."))
    return redirect("experts:right_list" if by.is_coordinator else "own_pages")
