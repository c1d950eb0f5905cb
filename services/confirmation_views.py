"""Pages with the button *Tiedot ovat ajan tasalla*: of one thing, of all that are due, and of a link in a mail."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from network.models import Network, Organisation
from network.public_forms import open_form
from network.transitions import InvalidTransition

from . import asking, permissions
from .asking import SomeChanged
from .confirming import Thing
from .models import ConfirmationRequest, Service

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def service_confirm(request: HttpRequest, slug: str) -> HttpResponse:
    services = asking.services_with_facts(Service.objects.visible_to(request.user))
    return _confirm_one(request, get_object_or_404(services, slug=slug))


@require_http_methods(METHODS)
def organisation_confirm(request: HttpRequest, slug: str) -> HttpResponse:
    organisations = asking.organisations_with_facts(Organisation.objects.all())
    return _confirm_one(request, get_object_or_404(organisations, slug=slug))


def _confirm_one(request: HttpRequest, thing: Thing) -> HttpResponse:
    if not permissions.can_confirm(request.user, thing):
        raise PermissionDenied
    row, status = asking.asked(thing, Network.current()), 200
    if request.method == "POST":
        try:
            asking.confirm_chosen(
                [asking.Chosen(row, request.POST.get(f"version-{row.key}", ""))],
                by=permissions.person_of(request),
                show_name="show_name" in request.POST,
            )
        except SomeChanged:
            status = 409
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect(thing)
        else:
            messages.success(request, _("Thank you. The details are marked as checked."))
            return redirect(thing)
    context = {"row": row, "rows": [row], "stale": [row] if status == 409 else [], **_who(request.user, [row])}
    return render(request, "services/thing_confirm.html", context, status=status)


@require_http_methods(METHODS)
def confirm_own(request: HttpRequest) -> HttpResponse:
    """All that wait for the person's word: a button for each, and one for those that are ticked."""
    person = permissions.person_of(request)
    rows, status, stale = asking.due_for(person, Network.current()), 200, []
    if request.method == "POST":
        try:
            chosen = asking.chosen_of(rows, request.POST)
            count = asking.confirm_chosen(chosen, by=person, show_name="show_name" in request.POST)
        except SomeChanged as changed:
            status, stale = 409, changed.rows
        except InvalidTransition as refusal:  # archived since the rows were read
            messages.error(request, " ".join(refusal.messages))
            return redirect("services:confirm_own")
        else:
            _thank(request, count)
            return redirect("services:confirm_own")
    context = {"rows": rows, "stale": stale, **_who(person, rows)}
    return render(request, "services/confirm_own.html", context, status=status)


def _thank(request: HttpRequest, count: int) -> None:
    """A second press finds nothing left to confirm; that is no mistake of hers."""
    if count:
        words = ngettext(
            "Thank you. %(count)d page is marked as checked.",
            "Thank you. %(count)d pages are marked as checked.",
            count,
        )
        messages.success(request, words % {"count": count})
    else:
        messages.info(request, _("Nothing was marked as checked: nothing that still waits was chosen."))


@login_not_required
@open_form
@never_cache
@require_http_methods(METHODS)
def confirm_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """What a reminder mail named, with the same button and without signing in. Opening it changes nothing."""
    wanted = ConfirmationRequest.objects.signed(token).select_related("person").first()
    if wanted is None:
        raise Http404(_("This link is not complete. Copy the whole address from the message."))
    network = Network.current()
    context: dict[str, Any] = {"wanted": wanted, "rows": [], "stale": [], "is_open": False}
    status = 200
    if wanted.is_open and asking.may_answer(wanted.person):
        rows, stale = asking.rows_of(wanted, network), []
        if request.method == "POST":
            try:
                asking.answer(wanted, asking.chosen_of(rows, request.POST), show_name="show_name" in request.POST)
                return redirect(wanted)
            except SomeChanged as changed:
                status, stale = 409, changed.rows
            except InvalidTransition:  # archived since the rows were read: the page tells, and the link stays open
                return redirect(wanted)
        context |= {"is_open": True, "rows": rows, "stale": stale, **_who(wanted.person, rows)}
    elif request.method == "POST":
        return redirect(wanted)
    elif wanted.used_at:
        context["confirmed"] = asking.confirmed_by(wanted)
    response = render(request, "services/confirm_by_link.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


def _who(person: Any, rows: list[asking.Asked]) -> dict[str, Any]:
    return {"claims": asking.claim_words(person, rows), "can_show_name": bool(person.name), "person": person}
