"""Inviting, and answering an invitation."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from network.guards import GuardedForm
from network.invitations import MOST_AT_ONCE, entries_in
from network.models import Invitation, MemberRole, Membership, Organisation, User

from .joining import RulesForm


class InviteForm(forms.Form):
    """One address or a pasted list. An editor invites to what is kept; a coordinator anywhere, also to nothing yet."""

    addresses = forms.CharField(
        label=_("E-mail addresses"),
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "One or many: on lines of their own or with commas between, also as “Name &lt;name@example.org&gt;”."
        ),
    )
    organisation: forms.ModelChoiceField = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
    role = forms.ModelChoiceField(MemberRole.objects.none(), label=_("Role"), required=False, empty_label=_("No role"))
    is_editor = forms.BooleanField(
        label=_("Editor"), required=False, help_text=_("Keeps the organisation's listings right.")
    )
    is_contact_person = forms.BooleanField(
        label=_("Contact person"),
        required=False,
        help_text=_("Orders experience experts for colleagues and gets their news."),
    )
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisation = cast(Any, self.fields["organisation"])
        organisation.queryset = Organisation.objects.editable_by(by).active()
        organisation.empty_label = _("Choose an organisation")
        if by.is_coordinator:
            organisation.required, organisation.empty_label = False, _("No organisation yet")
        elif len(own := list(organisation.queryset[:2])) == 1:
            self.initial.setdefault("organisation", own[0].pk)
        self.fields["role"].queryset = MemberRole.objects.filter(in_use=True)  # type: ignore[attr-defined]
        self.initial.setdefault("language", by.language)

    def clean_addresses(self) -> str:
        text: str = self.cleaned_data["addresses"]
        if len(entries_in(text)) > MOST_AT_ONCE:
            raise ValidationError(_("At most %(most)d addresses at once.") % {"most": MOST_AT_ONCE})
        return text

    def clean(self) -> Any:
        cleaned = super().clean()
        data = self.cleaned_data
        if "organisation" in data and not data["organisation"] and (data["is_editor"] or data["is_contact_person"]):
            self.add_error("organisation", _("Rights are given for an organisation: choose one."))
        return cleaned


class AcceptForm(RulesForm, GuardedForm):
    """Who has no account yet tells a name; who has one, only what is new."""

    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    function = forms.CharField(
        label=_("What do you stand for?"), max_length=100, help_text=_("For example outreach youth work.")
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    level = forms.ChoiceField(
        label=_("Level"), required=False, choices=[("", _("Not told")), *Membership.Level.choices]
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_(
            "Leave it empty if you would rather sign in with a code that is sent by e-mail. At least 12 characters."
        ),
    )

    field_order = ["name", "function", "title", "level", "password", "rules_accepted"]

    def __init__(self, *args: Any, invitation: Invitation, person: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        if person is not None:
            del self.fields["name"], self.fields["password"]
        if person is not None or invitation.organisation_id or invitation.function:
            del self.fields["function"]
        if person is not None and not (invitation.organisation_id or invitation.function):
            del self.fields["title"], self.fields["level"]
        if person is not None and self.rules and self.rules.acceptances.filter(person=person).exists():
            del self.fields["rules_accepted"]

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password, User(email=self.invitation.email, name=self.cleaned_data.get("name", "")))
        return password
