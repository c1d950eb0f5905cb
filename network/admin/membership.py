"""Who stands for which organisation."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.models import Membership, User

from .base import PortalAdmin, PortalInline


class PersonField(forms.EmailField):
    """A person by the address of their account: with hundreds of people no list of names is offered to scroll."""

    def clean(self, value: Any) -> User | None:
        address = super().clean(value)
        if not address:
            return None
        person = User.objects.filter(email=User.objects.normalize_email(address)).first()
        if person is None:
            raise ValidationError(_("Nobody has an account with this address. Add the person first."))
        return person

    def has_changed(self, initial: Any, data: Any) -> bool:
        return User.objects.normalize_email(initial or "") != User.objects.normalize_email(data or "")


class MembershipForm(forms.ModelForm):
    person = PersonField(label=gettext_lazy("person's e-mail address"), max_length=254)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "person" in self.fields:
            self.initial["person"] = self.instance.person.email if self.instance.person_id else ""


class OneOpenMembership(BaseInlineFormSet):
    """Two new rows of one form are not in the database yet, so it cannot tell that they are about the same thing."""

    other = ""

    def clean(self) -> None:
        super().clean()
        seen = set()
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            other = data.get(self.other)
            if not other or data.get("DELETE") or data.get("until"):
                continue
            if other in seen:
                form.add_error(self.other, _("This person already stands for this organisation."))
            seen.add(other)


class OneOpenMembershipPerPerson(OneOpenMembership):
    other = "person"


class OneOpenMembershipPerOrganisation(OneOpenMembership):
    other = "organisation"


class OrganisationMembershipInline(PortalInline):
    model = Membership
    form = MembershipForm
    formset = OneOpenMembershipPerPerson
    follows = "part-upkeep"
    related = ("person", "organisation")
    fields = [("person", "title"), ("role", "level"), ("is_editor", "is_contact_person"), ("since", "until")]


class UserMembershipInline(PortalInline):
    model = Membership
    formset = OneOpenMembershipPerOrganisation
    classes = ()
    related = ("person", "organisation")
    fields = [
        ("organisation", "function"),
        ("title", "role", "level"),
        ("is_editor", "is_contact_person"),
        ("since", "until"),
    ]


class CurrentFilter(admin.SimpleListFilter):
    title = gettext_lazy("in force")
    parameter_name = "current"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "yes":
            return queryset.current()
        if self.value() == "no":
            return queryset.exclude(pk__in=Membership.objects.current(timezone.localdate()).values("pk"))
        return queryset


@admin.register(Membership)
class MembershipAdmin(PortalAdmin):
    form = MembershipForm
    list_display = ("person", "stands_for", "title", "role", "is_editor", "is_contact_person", "since", "until")
    list_filter = (
        CurrentFilter,
        "is_editor",
        "is_contact_person",
        ("role", admin.RelatedOnlyFieldListFilter),
        ("organisation", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("person", "organisation", "role")
    search_fields = ("person__name", "person__email", "organisation__name", "function", "title")
    fields = [
        "person", "organisation", "function", "title", "role", "level", "is_editor", "is_contact_person", "since", "until",
    ]  # fmt: skip

    @admin.display(description=gettext_lazy("stands for"), ordering="organisation__sort_name")
    def stands_for(self, membership: Membership) -> str:
        return membership.stands_for

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("person", "organisation")
