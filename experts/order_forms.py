"""The forms of ordering and answering. None asks for anything about a client."""

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.models import AgendaItem
from network.guards import GuardedForm
from network.models import Municipality, Organisation, User
from network.models.organisation import Sector
from network.public_forms import OnceForm, PublicForm
from services.models import Language, Service

from . import fees, permissions
from .answers import MOST_TIMES, Time
from .models import (
    ExpertProfile,
    ExpertTheme,
    FeeModelVersion,
    GuideVersion,
    Occasion,
    Offer,
    Order,
    OrderFeedback,
    TalkFormat,
    TaskType,
    TimeWish,
)

TIMES = 3


class DayInput(forms.DateInput):
    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    def __init__(self) -> None:
        super().__init__(attrs={"type": "time"}, format="%H:%M")


def add_times(form: Any, number: int) -> None:
    """Pairs of fields `day_1`, `clock_1` …"""
    for place in range(1, number + 1):
        form.fields[f"day_{place}"] = forms.DateField(label=_("Day %(number)d") % {"number": place}, required=False, widget=DayInput())  # fmt: skip
        form.fields[f"clock_{place}"] = forms.TimeField(label=_("Starts at %(number)d") % {"number": place}, required=False, widget=ClockInput())  # fmt: skip


def times_of(form: Any, minutes: int, number: int) -> list[Time]:
    """The times that were typed; what is half told becomes an error at its field."""
    found = []
    for place in range(1, number + 1):
        day, clock = form.cleaned_data.get(f"day_{place}"), form.cleaned_data.get(f"clock_{place}")
        if day and clock:
            start = timezone.make_aware(dt.datetime.combine(day, clock))
            if start <= timezone.now():
                form.add_error(f"day_{place}", _("Choose a time that is still to come."))
            found.append(Time(start, start + dt.timedelta(minutes=minutes)))
        elif day or clock:
            missing = f"clock_{place}" if day else f"day_{place}"
            if missing not in form.errors:
                form.add_error(missing, _("Tell both the day and when it starts."))
    return found


class OrderFields(forms.ModelForm):
    """What every order tells. Mixed with a form that makes one thing."""

    wished: forms.ModelChoiceField = forms.ModelChoiceField(
        ExpertProfile.objects.none(), label=gettext_lazy("Whom do you ask?"), required=False,
        empty_label=gettext_lazy("Nobody in particular: whoever knows the topic"),
    )  # fmt: skip
    themes: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        ExpertTheme.objects.filter(in_use=True), label=gettext_lazy("Experience of what?"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    first_day = forms.DateField(label=gettext_lazy("Or a period: not before"), required=False, widget=DayInput())
    last_day = forms.DateField(label=gettext_lazy("Not after"), required=False, widget=DayInput())
    service: forms.ModelChoiceField = forms.ModelChoiceField(
        Service.objects.all(), to_field_name="slug", required=False, widget=forms.HiddenInput
    )
    agenda_item: forms.ModelChoiceField = forms.ModelChoiceField(
        AgendaItem.objects.none(), required=False, widget=forms.HiddenInput
    )
    accepts = forms.BooleanField(
        label=gettext_lazy("I have read the operating guide and the fee model and act by them"), required=True
    )

    class Meta:
        model = Order
        fields = (
            "wished", "task_type", "topic", "themes", "format", "minutes", "occasion", "is_peer_support", "audience_size",
            "experts_wanted", "language", "hopes", "times_are_sessions", "place_kind", "municipality", "place",
            "accessibility", "met_by", "contact_phone", "fee", "travel", "meals", "payer", "reopens", "service", "agenda_item",
        )  # fmt: skip
        labels = {
            "task_type": gettext_lazy("What kind of task is it?"),
            "topic": gettext_lazy("What is it about?"),
            "hopes": gettext_lazy("What do you hope for?"),
            "fee": gettext_lazy("Fee you offer to one expert (€)"),
            "contact_phone": gettext_lazy("Telephone for the day itself"),
        }
        help_texts = {
            "topic": gettext_lazy("For example “How to meet a customer who uses substances”."),
            "travel": gettext_lazy("For example “as the state pays for kilometres”, or “none, it is remote”."),
            "meals": gettext_lazy("For example “lunch is offered”, or “none”."),
            "payer": gettext_lazy("The organisation that pays the fee and the costs."),
            "times_are_sessions": gettext_lazy("Tick when you mean several sessions. Otherwise one of the times is enough."),
        }  # fmt: skip
        widgets = {"hopes": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        item: Any = self.fields["agenda_item"]
        item.queryset = AgendaItem.objects.visible_to(user)
        visible: Any = self.fields["wished"]
        visible.queryset = ExpertProfile.objects.visible_to(user).taking_requests()
        for name, model in (("task_type", TaskType), ("format", TalkFormat), ("occasion", Occasion)):
            field: Any = self.fields[name]
            field.queryset = model.objects.filter(in_use=True)
        for name in ("format", "occasion", "language", "municipality"):
            self.fields[name].empty_label = "–"  # type: ignore[attr-defined]
        self.fields["task_type"].empty_label = None  # type: ignore[attr-defined]
        self.fields["municipality"].queryset = Municipality.objects.in_region()  # type: ignore[attr-defined]
        self.fields["language"].queryset = Language.objects.filter(in_use=True)  # type: ignore[attr-defined]
        self.fields["fee"].validators = [*self.fields["fee"].validators, MinValueValidator(0)]
        add_times(self, TIMES)
        self.guide, self.fee_model = GuideVersion.objects.in_force(), FeeModelVersion.objects.in_force()
        if self.guide is None and self.fee_model is None:
            del self.fields["accepts"]
        self.given: list[Time] = []

    def clean(self) -> Any:
        cleaned = super().clean() or self.cleaned_data
        self.given = times_of(self, cleaned.get("minutes") or 0, TIMES)
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if bool(first) != bool(last):
            self.add_error("last_day" if first else "first_day", _("Tell the first and the last day."))
        elif first and last and (last < first or last < timezone.localdate()):
            self.add_error("last_day", _("The last day is before the first, or has gone."))
        elif not self.given and not first and not any(name.startswith(("day_", "clock_")) for name in self.errors):
            self.add_error("day_1", _("Give at least one time, or a period."))
        if cleaned.get("place_kind") != Order.Place.REMOTE and not cleaned.get("municipality"):
            self.add_error("municipality", _("Tell in which municipality it is."))
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        order, task_type = self.instance, self.cleaned_data.get("task_type")
        order.guide, order.fee_model = self.guide, self.fee_model
        if task_type and (row := fees.fee_row(self.fee_model, task_type, self.cleaned_data.get("minutes") or 0)):
            order.fee = row.amount

    def wishes(self) -> list[TimeWish]:
        wishes = [TimeWish(starts_at=time.starts_at, ends_at=time.ends_at) for time in self.given]
        if first := self.cleaned_data.get("first_day"):
            wishes.append(TimeWish(first_day=first, last_day=self.cleaned_data["last_day"]))
        return wishes


class OrderForm(GuardedForm, OnceForm, OrderFields):
    """A member's. A contact person may order for a colleague."""

    organisation: forms.ModelChoiceField = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Organisation"), required=False, empty_label=None
    )
    contact_name = forms.CharField(label=gettext_lazy("Colleague's name"), max_length=150, required=False)
    contact_email = forms.EmailField(
        label=gettext_lazy("Colleague's e-mail address"), required=False,
        help_text=gettext_lazy("She gets a link of her own and sees the order by it."),
    )  # fmt: skip

    class Meta(OrderFields.Meta):
        fields = (*OrderFields.Meta.fields, "organisation", "contact_name", "contact_email")  # type: ignore[assignment]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        own = Organisation.objects.filter(memberships__in=user.memberships.current())
        self.fields["organisation"].queryset = own.distinct()  # type: ignore[attr-defined]
        if not own.exists():
            del self.fields["organisation"]
        if not (permissions.is_contact_person(user) or user.is_expert_coordinator):
            del self.fields["contact_name"], self.fields["contact_email"]

    def clean(self) -> Any:
        cleaned = super().clean()
        if cleaned.get("contact_name") and not cleaned.get("contact_email"):
            self.add_error("contact_email", _("Tell the colleague's e-mail address too."))
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        order = self.instance
        order.ordered_by = self.user
        order.sector = order.organisation.sector if order.organisation else Sector.OTHER


class GuestOrderForm(PublicForm, OrderFields):
    """Anybody's. It is reviewed first and goes on by a personal link."""

    times = 5
    contact_name = forms.CharField(label=gettext_lazy("Your name"), max_length=150)
    contact_email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("We send you a link by which you see the order and answer."),
    )  # fmt: skip
    organisation_name = forms.CharField(label=gettext_lazy("Organisation"), max_length=150)
    sector = forms.ChoiceField(label=gettext_lazy("What kind of organisation is it?"), choices=Sector.choices)

    class Meta(OrderFields.Meta):
        fields = (*OrderFields.Meta.fields, "contact_name", "contact_email", "organisation_name", "sector")  # type: ignore[assignment]

    def _post_clean(self) -> None:
        super()._post_clean()
        self.instance.contact_email = User.objects.normalize_email(self.cleaned_data.get("contact_email", ""))
        if self.user.is_authenticated:
            self.instance.ordered_by = self.user


# Answers ------------------------------------------------------------------------------------------------------------


class Conditions(GuardedForm):
    """What the expert tells with a yes or with another time."""

    travel_minutes = forms.IntegerField(
        label=gettext_lazy("Way there (minutes)"), required=False, validators=[MinValueValidator(0), MaxValueValidator(600)],
        help_text=gettext_lazy("So much is kept free before and after, so that you are not asked for two places at once."),
    )  # fmt: skip
    waives_fee = forms.BooleanField(
        label=gettext_lazy("I do this without a fee, by my own choice"), required=False,
        help_text=gettext_lazy("A fee may affect benefits: see the note on the page before you choose."),
    )  # fmt: skip

    def conditions(self) -> dict[str, Any]:
        return {
            "travel_minutes": self.cleaned_data.get("travel_minutes") or 0,
            "waives_fee": self.cleaned_data["waives_fee"],
        }


def key_of(times: list[Time]) -> str:
    """An alternative as a form sends it back: it changes when the times do."""
    return "_".join(str(int(moment.timestamp())) for time in times for moment in time)


class AcceptForm(Conditions):
    choice = forms.ChoiceField(label=gettext_lazy("Which time?"), widget=forms.RadioSelect)
    field_order = ("choice", "travel_minutes", "waives_fee")

    def __init__(self, *args: Any, alternatives: list[list[Time]], words: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alternatives = {key_of(times): times for times in alternatives}
        choices = [(key, words(times)) for key, times in self.alternatives.items()]
        field: Any = self.fields["choice"]
        field.choices = choices
        field.error_messages["invalid_choice"] = _("The times have changed. Look at them again and choose.")
        if len(choices) == 1:
            self.initial.setdefault("choice", choices[0][0])

    @property
    def chosen(self) -> list[Time]:
        return self.alternatives[self.cleaned_data["choice"]]


class CounterForm(Conditions):
    minutes = forms.IntegerField(
        label=gettext_lazy("Length (minutes)"), validators=[MinValueValidator(5), MaxValueValidator(600)]
    )

    def __init__(self, *args: Any, several: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.number = MOST_TIMES if several else TIMES
        add_times(self, self.number)
        self.order_fields([f"{part}_{place}" for place in range(1, self.number + 1) for part in ("day", "clock")])
        self.times: list[Time] = []

    def clean(self) -> Any:
        cleaned = super().clean() or self.cleaned_data
        self.times = times_of(self, cleaned.get("minutes") or 0, self.number)
        if not self.times and not self.errors:
            self.add_error("day_1", _("Propose at least one time."))
        return cleaned


class CounterBackForm(CounterForm):
    """The orderer's: no word of travel or fee."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["travel_minutes"], self.fields["waives_fee"]


class ReasonForm(GuardedForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("You need not tell it."),
    )  # fmt: skip


class DeclineForm(ReasonForm):
    because = forms.ChoiceField(
        label=gettext_lazy("Why?"), required=False, widget=forms.RadioSelect,
        choices=[("", gettext_lazy("I do not want to tell")), *Offer.Because.choices],
    )  # fmt: skip
    field_order = ("because", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("because", "")
        self.fields["reason"].label = _("In your own words")


class MessageForm(GuardedForm, OnceForm):
    body = forms.CharField(label=gettext_lazy("Message"), max_length=3000, widget=forms.Textarea(attrs={"rows": 4}))


class TermsForm(GuardedForm, forms.ModelForm):
    class Meta:
        model = Order
        fields = ("fee", "travel", "meals", "payer", "place", "accessibility", "met_by", "contact_phone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fee"].validators = [*self.fields["fee"].validators, MinValueValidator(0)]

    def terms(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class AskForm(forms.Form):
    profiles: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        ExpertProfile.objects.none(), label=gettext_lazy("Whom to ask"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )  # fmt: skip

    def __init__(self, *args: Any, profiles: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["profiles"].queryset = profiles  # type: ignore[attr-defined]
        self.fields["profiles"].label_from_instance = with_load  # type: ignore[attr-defined]


def with_load(profile: Any) -> str:
    return _("%(name)s – tasks in the last half year: %(number)d") % {
        "name": profile.shown_name,
        "number": profile.load,
    }


class FeedbackForm(GuardedForm, forms.ModelForm):
    SCALE = [(5, gettext_lazy("5 – very well")), (4, "4"), (3, "3"), (2, "2"), (1, gettext_lazy("1 – badly"))]
    AGAIN = [(5, gettext_lazy("5 – gladly")), (4, "4"), (3, "3"), (2, "2"), (1, gettext_lazy("1 – no"))]
    went = forms.TypedChoiceField(
        label=gettext_lazy("How did it go?"), coerce=int, choices=SCALE, widget=forms.RadioSelect
    )
    again = forms.TypedChoiceField(
        label=gettext_lazy("Would you do it again?"), coerce=int, choices=AGAIN, widget=forms.RadioSelect
    )

    class Meta:
        model = OrderFeedback
        fields = ("went", "again", "comment", "may_quote", "quoted_as")
        labels = {
            "may_quote": gettext_lazy("My words may be published as a quote"),
            "quoted_as": gettext_lazy("The quote is signed"),
        }
        help_texts = {
            "comment": gettext_lazy("Only the coordinator of expert activity reads this."),
            "quoted_as": gettext_lazy("For example “librarian”. Leave empty for none."),
        }
        widgets = {"comment": forms.Textarea(attrs={"rows": 4})}
