"""*Kuka voi auttaa…*: finding organisations and people by what they know."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from network.models import Competence
from network.people import helping


class HelpForm(forms.Form):
    q = forms.CharField(
        label=_("What do you need help with?"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "class": "form-control"}),
    )
    competence = forms.ModelChoiceField(
        Competence.objects.none(),
        label=_("Competence"),
        required=False,
        to_field_name="code",
        empty_label=_("Any"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )


@login_not_required
@require_safe
def who_can_help(request: HttpRequest) -> HttpResponse:
    form = HelpForm(request.GET or None)
    form.fields["competence"].queryset = Competence.objects.all()  # type: ignore[attr-defined]
    found = None
    if form.is_valid():
        words, chosen = form.cleaned_data["q"], form.cleaned_data["competence"]
        if words or chosen:
            found = helping.who_can_help(words, chosen.code if chosen else "", request.user)
    return render(request, "network/who_can_help.html", {"form": form, "found": found})
