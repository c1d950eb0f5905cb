"""Forms of meetings on the site. `ItemForm` is the desk's, too: one class for an agenda item behind both doors."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from network.guards import GuardedForm
from network.merging import MergingForm
from network.models import Organisation
from network.models.organisation import Sector
from network.public_forms import OnceForm, PublicForm
from services.models import Service

from . import files
from .models import AgendaItem, Attachment, Meeting, MeetingGuest, MonthPlan, Participation, Wish
from .models.choices import ItemKind, Publicity
from .models.participation import Answer, Attendance

ANSWERS = [(Answer.COMING, gettext_lazy("I am coming")), (Answer.MAYBE, gettext_lazy("Maybe")), (Answer.NOT_COMING, gettext_lazy("I am not coming"))]  # fmt: skip


class LocalDateTime(forms.DateTimeInput):
    """The browser's own field for a day and a time."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class Day(forms.DateInput):
    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


# Agenda ---------------------------------------------------------------------------------------------------------------


def web_address(label: Any, **told: Any) -> forms.URLField:
    return forms.URLField(label=capfirst(label), required=False, max_length=1000, assume_scheme="https", **told)


class ItemForm(MergingForm):
    """An item of the agenda, for organisers on the site and for coordinators on the desk. Two may write it at once."""

    link = web_address(gettext_lazy("link to material"))

    class Meta:
        model = AgendaItem
        fields = (
            "kind", "title", "description", "minutes", "presenter", "organisation", "publicity", "ground", "link", "is_open",
            "services", "organisations",
        )  # fmt: skip
        widgets: ClassVar[dict[str, Any]] = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "minutes": forms.NumberInput(attrs={"min": 0, "max": 600}),
            "services": forms.SelectMultiple(attrs={"size": 6}),
            "organisations": forms.SelectMultiple(attrs={"size": 6}),
        }

    def clean(self) -> Any:
        cleaned = super().clean() or {}
        if (
            cleaned.get("kind") == ItemKind.INTRODUCTION
            and "organisation" in self.fields
            and not cleaned.get("organisation")
        ):
            self.add_error("organisation", _("Choose the organisation that introduces itself."))
        if cleaned.get("publicity") == Publicity.RESTRICTED and not cleaned.get("ground"):
            self.add_error("ground", _("Tell the ground for restricting the item."))
        return cleaned


class SiteItemForm(GuardedForm, ItemForm):
    """The same with the guard of free text and what may be chosen; the desk has its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["services"].queryset = Service.objects.published().order_by("sort_name")  # type: ignore[attr-defined]
        for name in ("organisation", "organisations"):
            self.fields[name].queryset = Organisation.objects.active().order_by("sort_name")  # type: ignore[attr-defined]


class ProposalForm(GuardedForm, OnceForm, forms.ModelForm):
    """A member's proposal: what, why, how long, and material as a link or a file."""

    file = forms.FileField(
        label=gettext_lazy("Material as a file"), required=False, help_text=gettext_lazy("Others see it when the item is on the agenda.")
    )  # fmt: skip
    file_name = forms.CharField(label=gettext_lazy("What the file is, in words"), required=False, max_length=200)

    link = web_address(gettext_lazy("Material as a link"))

    class Meta:
        model = AgendaItem
        fields = ("title", "description", "minutes", "link")
        labels = {
            "title": gettext_lazy("What should the meeting talk about?"),
            "description": gettext_lazy("Why?"),
            "minutes": gettext_lazy("How many minutes does it need?"),
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 5}), "minutes": forms.NumberInput(attrs={"min": 1, "max": 240})}  # fmt: skip

    def clean_file(self) -> Any:
        upload = self.cleaned_data.get("file")
        if upload:
            files.checked(upload)
        return upload

    def clean(self) -> Any:
        cleaned = super().clean() or {}
        if cleaned.get("file") and not cleaned.get("file_name"):
            self.add_error("file_name", _("Tell in words what the file is."))
        return cleaned


class OpenProposalForm(PublicForm, forms.ModelForm):
    """The same from somebody without an account. It waits for the coordinator, who needs to know whom to answer."""

    link = web_address(gettext_lazy("Material as a link"))

    class Meta:
        model = AgendaItem
        fields = ("title", "description", "minutes", "link", "proposer_name", "proposer_email")
        labels = {
            **ProposalForm.Meta.labels,
            "proposer_name": gettext_lazy("Your name"),
            "proposer_email": gettext_lazy("Your e-mail address"),
        }
        widgets = {
            **ProposalForm.Meta.widgets,
            "proposer_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "proposer_email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proposer_name"].required = self.fields["proposer_email"].required = True


class DecisionForm(GuardedForm):
    """What the organisers do with a proposal."""

    verb = forms.ChoiceField(
        choices=[("accept", gettext_lazy("Onto the agenda")), ("merge", gettext_lazy("Merge into another item")),
                 ("postpone", gettext_lazy("Postpone to the next meeting")), ("decline", gettext_lazy("Do not take"))],
        label=gettext_lazy("What is done with it?"), widget=forms.RadioSelect,
    )  # fmt: skip
    into = forms.ModelChoiceField(AgendaItem.objects.none(), required=False, label=gettext_lazy("Into which item"))
    minutes = forms.IntegerField(min_value=1, max_value=600, required=False, label=gettext_lazy("How many minutes"))
    reason = forms.CharField(
        max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}), label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The proposer gets to read it."),
    )  # fmt: skip

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = item.meeting.items.accepted().exclude(pk=item.pk)  # type: ignore[attr-defined]
        self.fields["minutes"].initial = item.minutes
        if item.status == AgendaItem.Status.ACCEPTED:
            verb: Any = self.fields["verb"]
            verb.choices = [choice for choice in verb.choices if choice[0] != "accept"]

    def clean(self) -> Any:
        cleaned = super().clean() or {}
        verb = cleaned.get("verb")
        if verb in {"postpone", "decline"} and not cleaned.get("reason"):
            self.add_error("reason", _("Tell the reason: the proposer gets to read it."))
        if verb == "merge" and not cleaned.get("into"):
            self.add_error("into", _("Choose the item."))
        return cleaned


class AttachmentForm(GuardedForm, OnceForm, forms.ModelForm):
    file = forms.FileField(
        label=gettext_lazy("File"), help_text=f"{files.ENDINGS} – {files.LARGEST // 1024 // 1024} Mt"
    )

    class Meta:
        model = Attachment
        fields = ("name", "language", "accessibility", "guest")

    def __init__(self, *args: Any, meeting: Meeting | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if meeting is None:
            del self.fields["guest"]
        else:
            self.fields["guest"].queryset = meeting.guests.all()  # type: ignore[attr-defined]
        self.order_fields(["file", "name", "language", "accessibility", "guest"])

    def clean_file(self) -> Any:
        files.checked(self.cleaned_data["file"])
        return self.cleaned_data["file"]


# A meeting ------------------------------------------------------------------------------------------------------------


class MeetingForm(GuardedForm, MergingForm):
    """What an organiser changes on the site. Times are the ones of a meeting to come: exact."""

    join_link = web_address(
        gettext_lazy("link for joining"), help_text=gettext_lazy("Only those who are invited get to see it.")
    )

    class Meta:
        model = Meeting
        fields = (
            "title", "description", "starts_at", "ends_at", "form", "join_link", "venue", "address", "municipality",
            "accessibility", "catering", "travel", "audience", "capacity", "registration_until", "proposals_until",
        )  # fmt: skip
        widgets = {
            **{name: LocalDateTime() for name in ("starts_at", "ends_at", "registration_until", "proposals_until")},
            **{name: forms.Textarea(attrs={"rows": 3}) for name in ("accessibility", "catering", "travel")},
            "description": forms.Textarea(attrs={"rows": 6}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.precision == Meeting.Precision.EXACT:
            self.fields["starts_at"].required = self.fields["ends_at"].required = True
        else:
            del self.fields["starts_at"], self.fields["ends_at"]


class CancelForm(GuardedForm):
    reason = forms.CharField(max_length=500, label=gettext_lazy("Why is it cancelled?"), required=False)


class GuestForm(GuardedForm, OnceForm, forms.ModelForm):
    class Meta:
        model = MeetingGuest
        fields = ("name", "organisation", "role", "topic", "email", "language", "is_speaker")


# Answers --------------------------------------------------------------------------------------------------------------


class AnswerForm(GuardedForm):
    answer = forms.ChoiceField(choices=ANSWERS, widget=forms.RadioSelect, label=gettext_lazy("Are you coming?"))
    note = forms.CharField(
        max_length=500, required=False, label=gettext_lazy("A word to the organisers"),
        help_text=gettext_lazy("Such as a diet, a need for an interpreter, or that you come later."),
    )  # fmt: skip


class GuestAnswerForm(AnswerForm):
    name_may_be_published = forms.BooleanField(
        required=False, label=gettext_lazy("My name may be told on public pages and in the public minutes.")
    )
    slides_may_be_published = forms.BooleanField(
        required=False, label=gettext_lazy("My slides may be published for everybody.")
    )


class RegistrationForm(PublicForm, forms.ModelForm):
    """Registering without an account. Many of one office share an address of the network."""

    times = 100

    class Meta:
        model = Participation
        fields = ("name", "email", "organisation_name", "sector", "note")
        labels = {
            "name": gettext_lazy("Your name"),
            "email": gettext_lazy("Your e-mail address"),
            "organisation_name": gettext_lazy("Your organisation"),
            "note": gettext_lazy("A word to the organisers"),
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "organisation_name": forms.TextInput(attrs={"autocomplete": "organization"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = self.fields["email"].required = True
        self.fields["name"].help_text = ""
        self.fields["email"].help_text = gettext_lazy("The link for joining is sent to it.")

    def validate_unique(self) -> None:
        """The same address a second time is no mistake: it gets its mail again."""


class WalkInForm(GuardedForm, OnceForm):
    name = forms.CharField(max_length=150, label=gettext_lazy("Name"))
    organisation = forms.CharField(max_length=150, required=False, label=gettext_lazy("Organisation"))
    sector = forms.ChoiceField(choices=[("", "–"), *Sector.choices], required=False, label=gettext_lazy("Sector"))
    attendance = forms.ChoiceField(
        choices=[(Attendance.PRESENT, Attendance.PRESENT.label), (Attendance.REMOTE, Attendance.REMOTE.label)],
        label=gettext_lazy("How"),
    )  # fmt: skip


class HeadcountForm(forms.Form):
    """Numbers without names, one for each sector."""

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        have = dict(meeting.headcounts.values_list("sector", "number"))
        for sector, label in Sector.choices:
            self.fields[sector] = forms.IntegerField(
                min_value=0, max_value=5000, required=False, label=label, initial=have.get(sector),
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )  # fmt: skip


# Groups ---------------------------------------------------------------------------------------------------------------


class SeasonForm(forms.Form):
    first = forms.DateField(widget=Day, label=gettext_lazy("From the day"))
    last = forms.DateField(widget=Day, label=gettext_lazy("Until the day"))

    def clean(self) -> Any:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and not first <= last <= first + dt.timedelta(days=400):
            raise ValidationError(_("A season is at most a year long, and its end comes after its start."))
        return cleaned


class MonthForm(GuardedForm, MergingForm):
    class Meta:
        model = MonthPlan
        fields = ("theme", "planned_guests", "note")
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}


class WishForm(GuardedForm, OnceForm, forms.ModelForm):
    class Meta:
        model = Wish
        fields = ("text",)
        labels = {"text": gettext_lazy("What should a meeting be about?")}
