"""The holiday round: one mail to each editor, *kerro vain poikkeukset*, and answers that become exceptions to hours."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from network.actors import LINK, written
from network.guards import GuardedForm
from network.models import Organisation, User
from network.transitions import move

from . import emails
from .models import HolidayAnswer, HolidayInvitation, HolidayRound, OpeningException, OpeningHours, Service

EXCEPTIONS = 3  # rows of the form for one listing
AS_USUAL, CLOSED, OTHER = "usual", "closed", "other"


@transaction.atomic
def start(one: HolidayRound, *, by: User) -> int:
    """Ask every editor who keeps a published listing. The number of those asked. ValidationError when it was started."""
    allowed = HolidayRound.objects.filter(started_at__isnull=True, last_day__gte=timezone.localdate())
    refusal = _("This round was started already, or its days are over.")
    move(one, to="started", allowed=allowed, refusal=refusal, by=by, started_at=timezone.now(), started_by=by)
    people = editors()
    for person in people:
        invitation = HolidayInvitation.objects.create(round=one, person=person)
        emails.holiday(invitation)
    return len(people)


def editors() -> list[User]:
    """Whoever is asked of some published listing: the editors of its organisation, else of the nearest body above."""
    bodies = Organisation.objects.filter(services__in=Service.objects.published().order_by()).distinct()
    found: dict[int, User] = {}
    for body in bodies.select_related("parent__parent"):
        found |= {person.pk: person for person in User.objects.editors_of(body)}
    return list(found.values())


def listings_of(person: User) -> "QuerySet[Service]":
    """What the person may answer for, now: her own organisations' and their units' published listings."""
    from .confirming import kept_by

    own = (
        Service.objects.published().filter(organisation__in=kept_by(person))
        if person.is_active
        else Service.objects.none()
    )
    hours = Prefetch("opening_hours", OpeningHours.objects.at_public_places())  # the link needs no signing in
    return own.select_related("organisation").prefetch_related(hours).order_by("sort_name", "pk")


# The form -------------------------------------------------------------------------------------------------------------


def _date(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput(attrs={"type": "time", "class": "form-control"}, format="%H:%M"),
    )


class ExceptionForm(GuardedForm):
    """Other hours on some of the days; left empty it says nothing."""

    first_day = _date(_("First day"))
    last_day = _date(_("Last day"))
    opens = _time(_("Opens"))
    closes = _time(_("Closes"))
    note = forms.CharField(
        label=_("Note"), required=False, max_length=150, widget=forms.TextInput(attrs={"class": "form-control"})
    )

    def __init__(self, *args: Any, round: HolidayRound, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.round = round

    @property
    def is_empty(self) -> bool:
        return not any(self.cleaned_data.values())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors or not any(data.values()):
            return data
        if data["first_day"] is None:
            self.add_error("first_day", gettext("Give the day."))
            return data
        data["last_day"] = data["last_day"] or data["first_day"]
        if data["last_day"] < data["first_day"]:
            self.add_error("last_day", gettext("The last day is before the first."))
            return data
        for day in ("first_day", "last_day"):
            if not self.round.first_day <= data[day] <= self.round.last_day:
                self.add_error(day, gettext("This day is not in the holiday."))
        if (data["opens"] is None) != (data["closes"] is None):
            self.add_error(
                "closes" if data["closes"] is None else "opens",
                gettext("Give both times, or neither when it is closed."),
            )
        return data


class ListingForm(forms.Form):
    """The answer for one listing; nothing chosen means not answered yet."""

    answer = forms.ChoiceField(
        required=False,
        choices=[
            (AS_USUAL, _("Open as usual")),
            (CLOSED, _("Closed all the time")),
            (OTHER, _("Other hours on some days")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any, service: Service, round: HolidayRound, given: HolidayAnswer | None) -> None:
        prefix = f"s{service.pk}"
        super().__init__(data, prefix=prefix)
        self.service, self.given, self.round = service, given, round
        rows = exceptions_of(given) if given else []
        self.fields["answer"].initial = self._said(rows)
        shown = rows if self.fields["answer"].initial == OTHER else []
        self.rows = [
            ExceptionForm(
                data, prefix=f"{prefix}-{number}", round=round,
                initial={name: getattr(shown[number], name) for name in ExceptionForm.base_fields} if number < len(shown) else None,
            )
            for number in range(max(EXCEPTIONS, len(shown)))
        ]  # fmt: skip

    def _said(self, rows: list[OpeningException]) -> str:
        if self.given is None:
            return ""
        if self.given.as_usual:
            return AS_USUAL
        whole = (self.round.first_day, self.round.last_day, None)
        return CLOSED if [(row.first_day, row.last_day, row.opens) for row in rows] == [whole] else OTHER

    def is_valid(self) -> bool:
        valid = super().is_valid()
        if not valid or self.cleaned_data["answer"] != OTHER:
            return valid
        rows = [row.is_valid() for row in self.rows]  # every row tells what is wrong with it
        fine = all(rows)
        if fine and all(row.is_empty for row in self.rows):
            self.add_error("answer", gettext("Tell on which days, or choose another answer."))
            return False
        return fine

    @property
    def days(self) -> "list[Days]":
        """The exceptions that the answer means."""
        match self.cleaned_data["answer"]:
            case "closed":
                return [Days(self.round.first_day, self.round.last_day)]
            case "other":
                return [Days(**row.cleaned_data) for row in self.rows if not row.is_empty]
        return []


@dataclass(frozen=True)
class Days:
    first_day: dt.date
    last_day: dt.date
    opens: dt.time | None = None
    closes: dt.time | None = None
    note: str = ""

    @property
    def span(self) -> list[str]:
        """As it is kept with the answer."""
        return [str(self.first_day), str(self.last_day)]


def forms_for(invitation: HolidayInvitation, data: Any = None) -> list[ListingForm]:
    """One form for each listing that the person may answer for, with what has been answered."""
    listings = list(listings_of(invitation.person))
    given = {
        answer.service_id: answer
        for answer in HolidayAnswer.objects.filter(round=invitation.round, service__in=listings).prefetch_related(
            "exceptions"
        )
    }
    return [ListingForm(data, service, invitation.round, given.get(service.pk)) for service in listings]


@transaction.atomic
def save(answered: list[ListingForm], *, by: User) -> int:
    """Keep the answers of valid forms and make their exceptions, in the place of those of an earlier answer.

    The same form sent twice leaves the same exceptions once: the listing's row is held meanwhile. The number of answers.
    """
    count = 0
    with written(by=by, how=LINK):
        for form in answered:
            if form.cleaned_data["answer"]:
                count += 1
                answer(form.service, form.round, form.days, by=by)
    return count


@transaction.atomic
def answer(service: Service, one: HolidayRound, days: list[Days], *, by: User) -> None:
    """Say of one listing how it is open in the round's days; no days: as usual."""
    Service.objects.select_for_update(of=("self",)).order_by().get(pk=service.pk)
    given, made = HolidayAnswer.objects.get_or_create(
        round=one, service=service, defaults={"person": by, "as_usual": not days}
    )
    before = [] if made else exceptions_of(given)
    if [_days_of(row) for row in before] != days:
        OpeningException.objects.filter(pk__in=[row.pk for row in before]).delete()
        given.exceptions.set([OpeningException.objects.create(service=service, **vars(one_of)) for one_of in days])
        Service.objects.filter(pk=service.pk).update(updated_at=timezone.now())
    given.person, given.as_usual, given.at = by, not days, timezone.now()
    given.days = [one_of.span for one_of in days]
    given.save()


def exceptions_of(given: HolidayAnswer) -> list[OpeningException]:
    """What was made of the answer. An edit of the listing writes its exceptions anew: then those of the same days.

    What somebody has written by hand of other days in the holiday is hers, and stays.
    """
    rows = list(given.exceptions.all())
    if rows or given.as_usual or given.pk is None:
        return rows
    said, found = list(given.days), []
    own = OpeningException.objects.filter(service=given.service_id, place__isnull=True)
    for row in own.order_by("first_day", "pk"):
        if (span := _days_of(row).span) in said:
            said.remove(span)
            found.append(row)
    return found


def _days_of(row: OpeningException) -> Days:
    return Days(row.first_day, row.last_day, row.opens, row.closes, row.note)


# For the coordinator --------------------------------------------------------------------------------------------------


@dataclass
class Standing:
    """How far one organisation's listings have been answered for."""

    organisation: Organisation
    answered: list[HolidayAnswer]
    waiting: list[Service]


def standing(one: HolidayRound) -> list[Standing]:
    """By organisation, in the order of names; those without an answer are what to ask after."""
    given = {
        answer.service_id: answer
        for answer in one.answers.select_related("service", "person").prefetch_related("exceptions")
    }
    by_body: dict[Organisation, Standing] = {}
    listings = Service.objects.published().select_related("organisation")
    grouped: dict[Organisation, list[Service]] = defaultdict(list)
    for service in listings.order_by("organisation__sort_name", "organisation", "sort_name"):
        if service.organisation:
            grouped[service.organisation].append(service)
    for body, services in grouped.items():
        by_body[body] = Standing(
            body,
            [given[one.pk] for one in services if one.pk in given],
            [one for one in services if one.pk not in given],
        )
    return list(by_body.values())
