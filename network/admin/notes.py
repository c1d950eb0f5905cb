"""Coordinators' notes on people and organisations: on their desk only. A note is written once, and may be deleted."""

from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from network.models import InternalNote

from .base import PortalInline


class NoteFormSet(BaseInlineFormSet):
    writer: Any = None

    def save_new(self, form: Any, commit: bool = True) -> Any:
        form.instance.written_by = self.writer
        return super().save_new(form, commit)


class NoteForm(forms.ModelForm):
    """What stands is read: whoever wrote it answers for its words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["body"].disabled = True


class NoteInline(PortalInline):
    model = InternalNote
    form = NoteForm
    formset = NoteFormSet
    verbose_name_plural = _("internal notes (coordinators only)")
    fields = ["body", "written_by", "written_at"]
    readonly_fields = ("written_by", "written_at")
    related = ("written_by",)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.writer = request.user
        return formset


class PersonNoteInline(NoteInline):
    fk_name = "person"


class OrganisationNoteInline(NoteInline):
    fk_name = "organisation"
    follows = "part-upkeep"
