"""What came in without login, for those whom it concerns: read, answer, tell what was done."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network import incoming
from network.models import Organisation
from network.people.forms import HandleForm, OrganisationMessageForm
from network.permissions import signed_in
from network.public_forms import open_form
from network.transitions import InvalidTransition

SHOWN = 50  # of each kind, the newest


@require_safe
def incoming_list(request: HttpRequest) -> HttpResponse:
    rows = [kind.for_listing(kind._default_manager.visible_to(request.user)) for kind in incoming.kinds()]
    waiting = [row for kind in rows for row in kind.open()[:SHOWN]]
    handled = [row for kind in rows for row in kind.filter(handled_at__isnull=False)[:SHOWN]]
    context = {
        "waiting": sorted(waiting, key=lambda row: row.created_at),
        "handled": sorted(handled, key=lambda row: row.created_at, reverse=True)[:SHOWN],
    }
    return render(request, "network/incoming_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def incoming_detail(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    try:
        rows = incoming.kind_of(kind)._default_manager.visible_to(request.user)
    except LookupError:
        raise Http404(_("There is no such message.")) from None
    message = get_object_or_404(rows, pk=pk)
    form = HandleForm(request.POST or None, may_send=bool(message.sender_email))
    if request.method == "POST" and form.is_valid():
        try:
            incoming.handle(message, by=signed_in(request), **form.cleaned_data)
        except InvalidTransition as error:
            form.add_error(None, error)
            message.refresh_from_db()
        else:
            messages.success(request, _("The message has been handled."))
            return redirect("incoming_list")
    return render(request, "network/incoming_detail.html", {"incoming": message, "form": form})


@login_not_required
@open_form
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_message_new(request: HttpRequest, slug: str) -> HttpResponse:
    """A page of its own, so that the organisation's page carries no form and may be cached."""
    organisation = get_object_or_404(Organisation.objects.active(), slug=slug)
    form = OrganisationMessageForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():

        def write() -> str:
            form.instance.organisation = organisation
            form.instance.language = (get_language() or "fi")[:2]
            incoming.deliver(form.save())
            return reverse("organisation_message_sent", args=[slug])

        return form.once(write)
    return render(request, "network/organisation_message_new.html", {"form": form, "organisation": organisation})


@login_not_required
@require_safe
def organisation_message_sent(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = get_object_or_404(Organisation, slug=slug)
    return render(request, "network/organisation_message_sent.html", {"organisation": organisation})
