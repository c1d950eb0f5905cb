"""*Omat palvelut*: the list of what an editor keeps right, and what she does with a whole listing."""

from typing import Any

from django import forms
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

from network.guards import GuardedForm
from network.models import Network, Organisation, User
from network.public_forms import OnceForm

from . import catalogue, editing, links, own, permissions
from .addresses import free_slug
from .models import Contact, ProposedEdit, Service, ServiceType
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


class NewForm(GuardedForm, OnceForm):
    """Little first: the rest is told in the edit form, or on the provider's own page."""

    organisation: forms.ModelChoiceField = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Organisation or unit"), empty_label=None
    )
    name = forms.CharField(label=gettext_lazy("Name of the service"), max_length=100)
    main_type = forms.ModelChoiceField(
        ServiceType.objects.filter(in_use=True), label=gettext_lazy("What kind of help it is"), to_field_name="code",
        empty_label=gettext_lazy("Choose a kind"),
    )  # fmt: skip
    summary = forms.CharField(
        label=gettext_lazy("In one sentence"), max_length=150,
        help_text=gettext_lazy("One sentence that tells whom it helps and how."),
    )  # fmt: skip
    how_to_get = forms.CharField(
        label=gettext_lazy("How to get the service"), max_length=2500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What to do first: call, come in, fill in a form. A link to your own page is enough, too."),
    )  # fmt: skip
    contact = forms.CharField(
        label=gettext_lazy("One way to get in touch"), max_length=500, required=False,
        help_text=gettext_lazy("A telephone number, an e-mail address or the address of your own page."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies: Any = Organisation.objects.editable_by(user) if user.is_coordinator else own.organisations_of(user)
        self.fields["organisation"].queryset = bodies.active().order_by("sort_name", "pk")  # type: ignore[attr-defined]

    def clean_contact(self) -> dict[str, str] | None:
        value = self.cleaned_data["contact"].strip()
        if not value:
            return None
        kind = "email" if "@" in value else "phone" if not any(sign.isalpha() for sign in value) else "web"
        if kind == "web" and "://" not in value:
            value = f"https://{value}"
        Contact(kind=kind, value=value).clean_fields(exclude=["service", "place", "organisation"])
        try:
            Contact(kind=kind, value=value).clean()
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return {"kind": kind, "value": value}

    def save(self) -> Service:
        data = self.cleaned_data
        fields = {key: data[key] for key in ("name", "main_type", "summary", "how_to_get", "organisation")}
        service = Service.objects.create(slug=free_slug(data["name"]), **fields)
        if data["contact"]:
            Contact.objects.create(service=service, **data["contact"])
        return service


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


class CopyForm(OnceForm):
    """The list has one key for all its rows; it is counted for each listing by itself."""

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:
        self.service = service
        super().__init__(*args, **kwargs)

    @property
    def key(self) -> str:
        return f"{super().key} {self.service.pk}"


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


class MoveForm(forms.Form):
    unit = forms.ChoiceField(label=gettext_lazy("Where it belongs"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, units: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [(unit.slug, unit.local_name) for unit in units]  # type: ignore[attr-defined]


class ArchiveForm(GuardedForm):
    reason = forms.ChoiceField(
        label=gettext_lazy("Why"), choices=Service.ArchiveReason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("In your own words"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Shown to those who come to the listing's address."),
    )  # fmt: skip
    replaced_by = forms.CharField(
        label=gettext_lazy("What replaces it"), max_length=300, required=False,
        help_text=gettext_lazy("The address of the other service's page in this portal."),
    )  # fmt: skip

    def __init__(self, *args: Any, reviewed: bool = False, **kwargs: Any) -> None:
        """`reviewed`: what this editor writes is read by the coordinator before anybody else."""
        super().__init__(*args, **kwargs)
        if reviewed:
            self.fields["note"].help_text = _("For the coordinator. It is not shown to others.")

    def clean_replaced_by(self) -> Service | None:
        text = self.cleaned_data["replaced_by"].split("?")[0].rstrip("/")
        if not text:
            return None
        found = Service.objects.published().filter(slug=text.rpartition("/")[2]).first()
        if found is None:
            raise ValidationError(_("There is no published service with this address."))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("reason") == Service.ArchiveReason.OTHER and not data.get("note") and "note" not in self.errors:
            self.add_error("note", _("Tell the reason in your own words."))
        return data


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


class CloseForm(GuardedForm):
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For the coordinator. It is not shown to others."),
    )  # fmt: skip


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
