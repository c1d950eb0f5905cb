"""One's own profile and memberships, and the rights that an editor gives."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from network.guards import guard_free_text
from network.models import Competence, MemberRole, Membership, User


class ProfileForm(forms.ModelForm):
    """What a person tells of herself. Address, rights and memberships are not here."""

    class Meta:
        model = User
        fields = [
            "name", "phone", "language", "name_shown_to", "contact_shown_to", "competences", "wants_meetings",
            "wants_mailing_list", "wants_working_groups", "wants_expert_tasks", "bulletin_delivery", "changes_delivery",
        ]  # fmt: skip
        labels = {
            "name": _("Your name"),
            "phone": _("Telephone"),
            "name_shown_to": _("Who sees my name on the portal"),
            "contact_shown_to": _("Who sees my e-mail and telephone"),
            "language": _("Language of the messages that I get"),
            "competences": _("What others may ask me about"),
            "wants_meetings": _("I take part in meetings"),
            "wants_mailing_list": _("I am on the mailing list"),
            "wants_working_groups": _("I take part in working groups"),
            "wants_expert_tasks": _("I take tasks of an experience expert"),
            "bulletin_delivery": _("Bulletins to my e-mail"),
            "changes_delivery": _("News of changed services to my e-mail"),
        }
        help_texts = {
            "name_shown_to": _("Those who keep your organisation's details see your name and address always."),
            "contact_shown_to": _("Shown only to those who see your name."),
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
            "competences": forms.CheckboxSelectMultiple,
            "name_shown_to": forms.RadioSelect,
            "contact_shown_to": forms.RadioSelect,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["phone"].validators.append(
            RegexValidator(r"\A\+?[0-9 ()-]{5,30}\Z", _("Write a telephone number: figures, spaces, and + first."))
        )
        if not Competence.objects.exists():
            del self.fields["competences"]
        guard_free_text(self)

    def save(self, commit: bool = True) -> Any:
        """Writes only what was changed here: a right that somebody gave meanwhile stays."""
        columns = {field.name for field in User._meta.concrete_fields}
        if changed := [name for name in self.changed_data if name in columns]:
            self.instance.save(update_fields=changed)
        self._save_m2m()  # type: ignore[attr-defined]
        return self.instance


class MembershipForm(forms.ModelForm):
    class Meta:
        model = Membership
        fields = ["title", "role", "level"]
        widgets = {"title": forms.TextInput(attrs={"autocomplete": "organization-title"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = MemberRole.objects.filter(in_use=True)
        if self.instance.role_id:
            roles = roles | MemberRole.objects.filter(pk=self.instance.role_id)
        self.fields["role"].queryset = roles  # type: ignore[attr-defined]
        self.fields["role"].empty_label = _("Choose a role")  # type: ignore[attr-defined]
        self.fields["level"].choices = [("", _("Not told")), *Membership.Level.choices]  # type: ignore[attr-defined]
        guard_free_text(self)

    def save(self, commit: bool = True) -> Any:
        if self.changed_data:
            self.instance.save(update_fields=self.changed_data)
        return self.instance


class FunctionForm(MembershipForm):
    """Standing for a function besides what one stands for now."""

    class Meta(MembershipForm.Meta):
        fields = ["function", *MembershipForm.Meta.fields]
        help_texts = {"function": _("For example outreach youth work.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["function"].required = True

    def save(self, commit: bool = True) -> Any:
        self.instance.save()
        return self.instance


class RightsForm(forms.Form):
    is_editor = forms.BooleanField(
        label=_("Editor"), required=False, help_text=_("Keeps the organisation's listings right.")
    )
    is_contact_person = forms.BooleanField(
        label=_("Contact person"),
        required=False,
        help_text=_("Orders experience experts for colleagues and gets their news."),
    )
