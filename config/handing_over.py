"""Handing the network over to another coordinator, as one page with a check list; and naming deputies."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from network import coordination, incoming
from network.accounts import second_factor
from network.guards import GuardedForm
from network.models import GroundRules, JoinRequest, Network, Organisation, User
from network.permissions import signed_in
from services.models import ProposedEdit, Service


class PersonForm(forms.Form):
    """A person by the address of the account: no list of members to scroll."""

    email = forms.EmailField(label=gettext_lazy("E-mail address of the account"), max_length=254)

    def clean_email(self) -> str:
        address = User.objects.normalize_email(self.cleaned_data["email"])
        self.person = User.objects.filter(email=address, is_active=True).first()
        if self.person is None:
            raise ValidationError(_("Nobody has an account with this address. Invite the person first."))
        return address


class HandOverForm(PersonForm, GuardedForm):
    coordinator_name = forms.CharField(label=gettext_lazy("Name, as it stands on every page"), max_length=100)
    coordinator_email = forms.EmailField(label=gettext_lazy("Public e-mail address"), max_length=254)
    coordinator_phone = forms.CharField(label=gettext_lazy("Public telephone"), max_length=30, required=False)
    end_own = forms.BooleanField(
        label=gettext_lazy("End my own coordinator's rights"),
        required=False,
        help_text=gettext_lazy("You stay a member. Leave this empty to stay as a deputy."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest) -> HttpResponse:
    by = coordinator(request)
    form = HandOverForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and form.person is not None:
        try:
            coordination.hand_over(
                form.person,
                by=by,
                name=form.cleaned_data["coordinator_name"],
                email=form.cleaned_data["coordinator_email"],
                phone=form.cleaned_data["coordinator_phone"],
                end_own=form.cleaned_data["end_own"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The network has been handed over."))
            return redirect("front_page" if form.cleaned_data["end_own"] else "hand_over")
    return page(request, form, PersonForm(prefix="deputy"))


@require_POST
def deputy_name(request: HttpRequest) -> HttpResponse:
    by = coordinator(request)
    form = PersonForm(request.POST, prefix="deputy")
    if not form.is_valid() or form.person is None:
        return page(request, HandOverForm(), form)
    try:
        named = coordination.name_deputy(form.person, by=by)
        messages.success(
            request, _("The deputy was named.") if named else _("This person has the coordinator's rights already.")
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("hand_over")


@require_POST
def deputy_end(request: HttpRequest, pk: int) -> HttpResponse:
    by = coordinator(request)
    person = get_object_or_404(User.objects.coordinators(), pk=pk)
    try:
        coordination.end_rights(person, by=by)
        messages.success(request, _("The coordinator's rights were ended."))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("front_page" if person.pk == by.pk and not person.is_staff else "hand_over")


def coordinator(request: HttpRequest) -> User:
    person = signed_in(request)
    if not person.is_coordinator:
        raise PermissionDenied
    return person


def page(request: HttpRequest, form: HandOverForm, deputy: PersonForm) -> HttpResponse:
    people = User.objects.coordinators().order_by("name", "email")
    network = Network.current()
    context = {
        "form": form,
        "deputy": deputy,
        "people": [{"person": one, "is_coordinator": one.pk == network.coordinator_id} for one in people],
        "steps": check_list(network, list(people)),
    }
    return render(request, "network/hand_over.html", context)


def check_list(network: Network, people: list[User]) -> list[dict[str, Any]]:
    """What a new coordinator takes over: each step with its state and where it is done."""
    form = reverse("admin:network_network_change", args=[1])
    without = Organisation.objects.active().without_editor().count()
    messages_waiting = sum(kind._default_manager.open().count() for kind in incoming.kinds())
    rules = GroundRules.objects.in_force()
    return [
        step(
            _("The coordinator has been chosen"),
            bool(network.coordinator_id),
            str(network.coordinator or ""),
            "#luovuta",
        ),
        step(
            _("Every coordinator has a second factor"),
            settings.DEMO or all(second_factor.has_one(one) for one in people),
            "",
            "#sijaiset",
        ),
        step(_("There is a deputy"), len(people) > 1, "", "#sijaiset"),
        step(
            _("The contact details on every page are right"),
            bool(network.coordinator_email or network.coordinator_phone),
            network.coordinator_email,
            form,
        ),
        step(
            _("The controller of personal data has been told"),
            bool(network.controller_name and network.controller_contact),
            network.controller_name,
            form,
        ),
        step(_("The ground rules are in force"), rules is not None, str(rules or ""), reverse("ground_rules")),
        counted(_("Requests to join that wait"), JoinRequest.objects.waiting().count(), reverse("join_request_list")),
        counted(_("Messages that wait"), messages_waiting, reverse("incoming_list")),
        counted(
            _("Organisations without an editor"),
            without,
            reverse("admin:network_organisation_changelist") + "?editor=no",
        ),
        counted(
            _("Listings that have never been confirmed"),
            Service.objects.published().filter(confirmed_at__isnull=True).count(),
            reverse("admin:services_service_changelist") + "?freshness=none&state=published",
        ),
        counted(
            _("Changes that wait for review"), ProposedEdit.objects.pending().count(), reverse("services:review_list")
        ),
    ]


def step(name: str, done: bool, note: str, url: str) -> dict[str, Any]:
    return {"name": name, "done": done, "note": note, "url": url}


def counted(name: str, count: int, url: str) -> dict[str, Any]:
    return step(name, count == 0, str(count), url)
