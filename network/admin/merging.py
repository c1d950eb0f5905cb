"""Merging organisations at the desk: choose the other, see what moves, then do it."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network import succession
from network.models import Organisation, User

STAY, LEAVE = "stay", "leave"


class ChooseForm(forms.Form):
    """Which organisation goes on, and since when."""

    into: Any = forms.ModelChoiceField(
        label=gettext_lazy("The organisation that goes on"), queryset=Organisation.objects.none()
    )
    on = forms.DateField(
        label=gettext_lazy("Since which day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, old: Organisation, **kwargs: Any) -> None:
        self.old = old
        super().__init__(*args, **kwargs)
        others: Any = self.fields["into"]
        others.queryset = Organisation.objects.filter(merged_into__isnull=True).exclude(pk=old.pk)

    def clean(self) -> Any:
        cleaned = super().clean()
        into, on = self.cleaned_data.get("into"), self.cleaned_data.get("on")
        if into and on and (reason := succession.refusal(self.old, into, on)):
            raise ValidationError(reason)
        return cleaned


class ConfirmForm(ChooseForm):
    """The same again with what becomes of the editors; nothing is chosen beforehand."""

    editors = forms.ChoiceField(
        label=gettext_lazy("What becomes of its editors?"),
        widget=forms.RadioSelect,
        choices=[
            (STAY, gettext_lazy("They become editors of the organisation that goes on")),
            (LEAVE, gettext_lazy("They stand for it without the right to edit")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("into", "on"):
            self.fields[name].widget = forms.HiddenInput()
        waiting = self.old.invitations.filter(accepted_at__isnull=True, revoked_at__isnull=True, is_editor=True)
        if not self.old.memberships.filter(is_editor=True).exists() and not waiting.exists():
            del self.fields["editors"]


def merge_page(request: HttpRequest, old: Organisation, context: dict[str, Any]) -> HttpResponse:
    context |= {"old": old, "title": _("Merge or replace")}
    if request.method == "POST":
        form: ChooseForm = ConfirmForm(request.POST, old=old)
        if form.is_valid() and carried_out(request, old, form):
            return redirect("admin:network_organisation_change", form.cleaned_data["into"].pk)
        return page(request, context, form)
    chosen = ChooseForm(request.GET or None, old=old, initial={"on": timezone.localdate()})
    if chosen.is_valid():
        return page(request, context, ConfirmForm(old=old, initial=dict(request.GET.items())), chosen.cleaned_data)
    return render(request, "admin/network/organisation/merge.html", {**context, "form": chosen})


def page(request: HttpRequest, context: dict[str, Any], form: ChooseForm, data: Any = None) -> HttpResponse:
    """What would move, with the button; the first page again when the choice itself is no longer right."""
    old, data = context["old"], data or form.cleaned_data
    new, on = data.get("into"), data.get("on")
    if new is None or on is None:
        return render(request, "admin/network/organisation/merge.html", {**context, "form": form})
    units = new.descendants().count()
    told = {"new": new, "on": on, "plan": succession.plan(old, new), "new_units": units, "confirm": True}
    told |= {"editors": succession.editors_of(old), "lost_above": lost_above(old, new)}
    return render(request, "admin/network/organisation/merge.html", {**context, **told, "form": form})


def lost_above(old: Organisation, new: Organisation) -> Organisation | None:
    """The body above the old one whose editors will not reach what moves; None when they will, or there is none."""
    if old.parent is None or old.parent in new.ancestors(include_self=True):
        return None
    return old.parent


def carried_out(request: HttpRequest, old: Organisation, form: ChooseForm) -> bool:
    new, on = form.cleaned_data["into"], form.cleaned_data["on"]
    stay = form.cleaned_data.get("editors") == STAY
    try:
        old.merge_into(new, by=cast(User, request.user), editors_stay=stay, on=on)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("%(old)s is now part of %(new)s.") % {"old": old, "new": new})
    return True
