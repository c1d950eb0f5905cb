"""`/styleguide/`: every part of the look with sample data, so that a change can be seen in one place.

The samples are made here, not read from the database; their names are invented and their numbers are all zeros.
"""

from datetime import date
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class SampleForm(forms.Form):
    """One field of each kind; shown once untouched and once with errors."""

    name = forms.CharField(label=gettext_lazy("Your name"), max_length=100)
    wish = forms.CharField(
        label=gettext_lazy("What would you like to talk about?"),
        help_text=gettext_lazy("Do not write anything about a client."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    day = forms.CharField(
        label=gettext_lazy("Day"),
        help_text=gettext_lazy("For example 14.1.2027"),
        error_messages={"required": gettext_lazy("Write when you need the expert.")},
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("How would you like to meet?"),
        choices=[("", "–"), ("place", gettext_lazy("Face to face")), ("online", gettext_lazy("Online"))],
        required=False,
    )
    answer_by = forms.ChoiceField(
        label=gettext_lazy("How may we answer you?"),
        choices=[("email", gettext_lazy("By e-mail")), ("phone", gettext_lazy("By telephone"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how we may answer you.")},
    )
    agreed = forms.BooleanField(
        label=gettext_lazy("I have read how my data is kept."),
        error_messages={"required": gettext_lazy("Read how your data is kept and tick the box.")},
    )


def sample_hits() -> list[SimpleNamespace]:
    """Two listings as the list shows them: one that tells everything, one that tells little."""
    yes = SimpleNamespace(code="free", label=_("Free of charge"), value=True, text=_("Free of charge"))
    no = SimpleNamespace(code="anonymous", label=_("Anonymous visit"), value=False, text=_("Not anonymously"))
    unknown = SimpleNamespace(code="referral", label=_("Referral"), value=None, text="")
    shared = {"get_absolute_url": "#hits", "heading_level": 3}
    return [
        SimpleNamespace(
            **shared,
            name=_("Group for close ones"),
            organisation=SimpleNamespace(name=_("Example parish")),
            place_label=_("Exampleby"),
            summary=_("A group for people whose close one uses substances. You may come without signing up."),
            access_facts=[yes, no, unknown],
            age_text=_("Over 18-year-olds"),
            open_now=True,
            first_contact=SimpleNamespace(kind="phone", display="000 000 0000", href="tel:0000000000"),
            freshness="fresh",
            confirmed_at=date(2026, 11, 3),
        ),
        SimpleNamespace(
            **shared,
            name=_("Day centre"),
            organisation=SimpleNamespace(name=_("Example association")),
            place_label=_("The whole region"),
            summary=_("Coffee, company and help with everyday matters."),
            access_facts=[unknown],
            age_text="",
            open_now=None,
            first_contact=None,
            freshness="none",
            confirmed_at=None,
        ),
    ]


def sample_contacts() -> list[SimpleNamespace]:
    """What a contact card shows of two organisations."""
    return [
        SimpleNamespace(
            name=_("Example parish"),
            role=_("Responsible for the group"),
            url="#contacts",
            contacts=[
                SimpleNamespace(
                    kind="phone",
                    label="",
                    display="000 000 0000",
                    href="tel:0000000000",
                    note=_("Mon–Fri 9–15, normal call charge"),
                    members_only=False,
                ),
                SimpleNamespace(
                    kind="email",
                    label="",
                    display="diakonia@example.org",
                    href="mailto:diakonia@example.org",
                    note="",
                    members_only=False,
                ),
            ],
        ),
        SimpleNamespace(
            name=_("Example association"),
            role=_("Runs the group together with the parish"),
            url="",
            contacts=[
                SimpleNamespace(
                    kind="web",
                    label="",
                    display="example.org",
                    href="https://example.org/",
                    note="",
                    members_only=False,
                ),
                SimpleNamespace(
                    kind="phone",
                    label=_("For professionals"),
                    display="000 000 0001",
                    href="tel:0000000001",
                    note="",
                    members_only=True,
                ),
            ],
        ),
    ]


def sample_steps() -> list[SimpleNamespace]:
    return [
        SimpleNamespace(title=_("Order sent"), when="2.11.2026", text="", state="done"),
        SimpleNamespace(title=_("Waiting for the expert's answer"), when="4.11.2026", text="", state="now"),
        SimpleNamespace(title=_("Agreed"), when="", text="", state="to_come"),
        SimpleNamespace(title=_("Held"), when="", text="", state="to_come"),
    ]


def sample_parts() -> dict[str, Any]:
    hits = sample_hits()
    return {
        "hits": hits,
        "facts": hits[0].access_facts,
        "chips": [
            SimpleNamespace(label=_("Exampleby"), remove_url="#chips"),
            SimpleNamespace(label=_("Free of charge"), remove_url="#chips"),
        ],
        "contact_groups": sample_contacts(),
        "steps": sample_steps(),
        "page_obj": Paginator(range(180), 20).page(4),
        "confirmed_at": date(2026, 11, 3),
        "due_at": date(2026, 4, 14),
        "columns": [_("Municipality"), _("Own services"), _("Services of the whole region")],
        "rows": [["Aala", 16, 22], ["Myllylä", 3, 22], ["Österby", 0, 22]],
        "actions": [("#empty", _("Search the whole region")), ("#empty", _("See all services"))],
        "form": SampleForm(),
        "form_with_errors": SampleForm({"name": "Aino"}, auto_id="id_wrong_%s"),
    }


@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "styleguide.html", sample_parts())
