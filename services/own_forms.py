"""The forms of *Omat palvelut*: a new listing, its copy, where it belongs, and why it is archived."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.guards import GuardedForm
from network.models import Organisation, User
from network.public_forms import OnceForm

from . import own
from .addresses import free_slug
from .models import Contact, Service, ServiceType


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


class CopyForm(OnceForm):
    """The list has one key for all its rows; it is counted for each listing by itself."""

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:
        self.service = service
        super().__init__(*args, **kwargs)

    @property
    def key(self) -> str:
        return f"{super().key} {self.service.pk}"


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


class CloseForm(GuardedForm):
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For the coordinator. It is not shown to others."),
    )  # fmt: skip
