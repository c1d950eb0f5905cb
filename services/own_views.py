"""*Omat palvelut*: the list of what an editor keeps right, and what she does with a whole listing."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.models import Network, Organisation

from . import catalogue, editing, links, own, permissions
from .models import ProposedEdit, Service
from .own_forms import ArchiveForm, CloseForm, CopyForm, MoveForm, NewForm
from .permissions import person_of


def editable(request: HttpRequest, slug: str) -> Service:
    """The listing, for its editors and coordinators: 404 for what is not to be seen, 403 for what is not theirs."""
    service = get_object_or_404(Service.objects.visible_to(request.user), slug=slug)
    if not permissions.can_edit(request.user, service):
        raise PermissionDenied
    return service


@never_cache
@require_safe
def own_list(request: HttpRequest) -> HttpResponse:
    bodies = own.own_organisations(person_of(request), Network.current())
    context = {
        "bodies": bodies,
        "broken": links.broken([row.service for body in bodies for row in body.services]),
        "capacities": Service.Capacity.choices,
        "today": timezone.localdate(),
        "titles": TITLES,
        "copy_key": CopyForm.fresh_key(),
    }
    return render(request, "services/own_list.html", context)


# What the groups of listings are called.
TITLES = {
    "due": gettext_lazy("Check these"),
    "rejected": gettext_lazy("Not approved yet"),
    "waiting": gettext_lazy("Wait for review"),
    "draft": gettext_lazy("Drafts"),
    "published": gettext_lazy("Published and up to date"),
    "archived": gettext_lazy("Archived"),
}


@never_cache
@require_safe
def own_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Own listings in all states, for a spreadsheet."""
    head, *rows = own.csv_table(person_of(request), Network.current())
    response = StreamingHttpResponse(catalogue.csv_lines(rows, head), content_type="text/csv; charset=utf-8")
    name = f"omat-palvelut-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# A new one ----------------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def service_new(request: HttpRequest) -> HttpResponse:
    """A draft of the essentials; then its page as it will look, and on from there."""
    person = person_of(request)
    form = NewForm(
        request.POST if request.method == "POST" else None,
        user=person,
        initial={"organisation": request.GET.get("organisaatio")},
    )
    if not form.fields["organisation"].queryset.exists():  # type: ignore[attr-defined]
        raise PermissionDenied
    similar: list[Service] = []
    if form.is_valid():
        if not form.was_sent:
            similar = list(own.alike(form.cleaned_data["name"], form.cleaned_data["organisation"])[:5])
        if not similar or request.POST.get("anyway"):
            return form.once(lambda: form.save().get_absolute_url())
    return render(request, "services/service_new.html", {"form": form, "similar": similar})


@require_POST
def service_duplicate(request: HttpRequest, slug: str) -> HttpResponse:
    """One copy for one opening of the list, however often its button is pressed."""
    service = editable(request, slug)
    form = CopyForm(request.POST, service=service)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form.non_field_errors()))
        return redirect(reverse("services:own") + f"#{slug}")
    answer = form.once(lambda: reverse("services:edit", args=[own.duplicate(service).slug]) + "?osa=what")
    messages.success(request, _("Here is the copy, as a draft. Give it a name of its own."))
    return answer


# Moving, archiving, room ----------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def service_move(request: HttpRequest, slug: str) -> HttpResponse:
    service = editable(request, slug)
    units = own.units_for(service, person_of(request))
    form = MoveForm(request.POST if request.method == "POST" else None, units=units)
    if form.is_valid():
        unit = next(unit for unit in units if unit.slug == form.cleaned_data["unit"])
        own.move_to(service, unit)
        messages.success(request, _("%(name)s belongs to %(unit)s now.") % {"name": service.name, "unit": unit})
        return redirect("services:own")
    return render(request, "services/service_move.html", {"service": service, "form": form, "units": units})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def service_archive(request: HttpRequest, slug: str) -> HttpResponse:
    service = editable(request, slug)
    by = person_of(request)
    trusted = editing.may_publish(by, service)
    form = ArchiveForm(request.POST if request.method == "POST" else None, reviewed=not trusted)
    if form.is_valid():
        try:
            service.archive(by=by, show_note=trusted, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(name)s is archived. You can bring it back.") % {"name": service.name})
            return redirect(reverse("services:own") + f"#{service.slug}")
    return render(request, "services/service_archive.html", {"service": service, "form": form})


@require_POST
def service_restore(request: HttpRequest, slug: str) -> HttpResponse:
    service = editable(request, slug)
    try:
        service.restore(by=person_of(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("%(name)s is back as it was.") % {"name": service.name})
    return redirect(reverse("services:own") + f"#{service.slug}")


def own_organisation(request: HttpRequest, slug: str) -> Organisation:
    organisation = get_object_or_404(Organisation, slug=slug)
    if not permissions.can_edit_organisation(request.user, organisation):
        raise PermissionDenied
    return organisation


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Its page out of use, with a reason. Copying and moving are for listings: an organisation is one, in its place."""
    organisation = own_organisation(request, slug)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            own.close(organisation, by=person_of(request), reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(name)s is archived. You can bring it back.") % {"name": organisation})
            return redirect("services:own")
    context = {"organisation": organisation, "form": form, "obstacle": own.still_in_use(organisation)}
    return render(request, "services/organisation_archive.html", context)


@require_POST
def organisation_reopen(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = own_organisation(request, slug)
    try:
        organisation.reopen(by=person_of(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("%(name)s is back as it was.") % {"name": organisation})
    return redirect("services:own")


@require_POST
def service_capacity(request: HttpRequest, slug: str) -> HttpResponse:
    service = editable(request, slug)
    try:
        own.tell_capacity(service, request.POST.get("capacity", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The situation of %(name)s is up to date.") % {"name": service.name})
    return redirect(reverse("services:own") + f"#{service.slug}")


@require_POST
def proposal_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Its author takes a text back while it waits."""
    proposal = get_object_or_404(ProposedEdit.objects.filter(author=person_of(request)), pk=pk)
    try:
        proposal.withdraw(by=person_of(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Your text does not wait for review any more."))
    return redirect("services:own")
