"""Asking to join, and answering who asks."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from network.guards import GuardedForm
from network.models import GroundRules, JoinRequest, MemberRole, Membership, Municipality, Organisation
from network.public_forms import PublicForm


class RulesForm(forms.Form):
    """The box for the ground rules. It is about the version that was shown: a newer one is shown and asked again."""

    rules_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    rules_accepted = forms.BooleanField(label=_("I have read the ground rules and follow them"), required=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = GroundRules.objects.in_force()
        if self.rules is None:
            del self.fields["rules_accepted"], self.fields["rules_version"]
            return
        self.initial["rules_version"] = self.rules.version
        if self.is_bound and self._version_read() != str(self.rules.version):
            data = self.data.copy()  # type: ignore[attr-defined]
            data[self.add_prefix("rules_version")] = self.rules.version
            self.data = data
            self.read_older = True
        else:
            self.read_older = False

    def _version_read(self) -> str:
        return str(self.data.get(self.add_prefix("rules_version"), "")).strip()

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.rules is not None and self.read_older:
            self.add_error("rules_accepted", _("The ground rules have changed. Read them and send the form again."))
        return cleaned


class JoinForm(RulesForm, PublicForm, forms.ModelForm):
    times = 5

    class Meta:
        model = JoinRequest
        fields = [
            "name", "email", "organisation", "organisation_name", "function", "role", "title", "level",
            "municipality", "why",
        ]  # fmt: skip
        labels = {
            "name": _("Your name"),
            "email": _("Your e-mail address"),
            "why": _("Why would you like to join?"),
            "organisation": _("Your organisation"),
            "function": _("Function"),
        }
        help_texts = {
            "function": _("If you stand for no organisation: for example outreach youth work."),
            "email": _("The answer is sent to this address."),
            "organisation": _("Choose it here, or fill in one of the next two fields."),
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "title": forms.TextInput(attrs={"autocomplete": "organization-title"}),
            "why": forms.Textarea(attrs={"rows": 5}),
        }

    field_order = [*Meta.fields, "rules_accepted"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "organisation", Organisation.objects.active(), _("Not in this list"))
        choose(self, "role", MemberRole.objects.filter(in_use=True), _("Choose a role"))
        self.fields["level"].choices = [("", _("Not told")), *Membership.Level.choices]  # type: ignore[attr-defined]
        choose(self, "municipality", Municipality.objects.in_region(), _("The whole region"))

    def clean(self) -> Any:
        cleaned = super().clean()
        if not any(self.cleaned_data.get(name) for name in ("organisation", "organisation_name", "function")):
            self.add_error(
                "organisation",
                _("Choose your organisation, write its name, or tell your function in the fields below."),
            )
        return cleaned

    def save(self, commit: bool = True) -> JoinRequest:
        """The request as typed; `network.joining.ask` writes it."""
        self.instance.rules = self.rules
        return super().save(commit=False)


def choose(form: forms.Form, name: str, rows: Any, empty: Any) -> None:
    """A select of these rows, the empty choice with words."""
    field = form.fields[name]
    field.queryset = rows  # type: ignore[attr-defined]
    field.empty_label = empty  # type: ignore[attr-defined]


class ApproveForm(forms.Form):
    """What the newcomer becomes."""

    organisation: forms.ModelChoiceField = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), required=False, empty_label=_("None: stands for a function")
    )  # fmt: skip
    role = forms.ModelChoiceField(MemberRole.objects.none(), label=_("Role"), required=False, empty_label=_("No role"))
    is_editor = forms.BooleanField(label=_("Keeps the organisation's details right (editor)"), required=False)
    is_contact_person = forms.BooleanField(label=_("Is the organisation's contact person"), required=False)

    def __init__(self, *args: Any, asked: JoinRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        self.fields["organisation"].queryset = Organisation.objects.active()  # type: ignore[attr-defined]
        self.fields["role"].queryset = MemberRole.objects.filter(in_use=True)  # type: ignore[attr-defined]
        self.initial = {"organisation": asked.organisation_id, "role": asked.role_id, **self.initial}

    def clean(self) -> Any:
        cleaned = super().clean()
        organisation = self.cleaned_data.get("organisation")
        if self.cleaned_data.get("is_editor") and not organisation:
            raise ValidationError(_("An editor needs an organisation."))
        if not organisation and not (self.asked.function or self.asked.organisation_name):
            self.add_error("organisation", _("Choose an organisation."))
        return cleaned


class DeclineForm(GuardedForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}), help_text=_("The person reads it.")
    )  # fmt: skip
