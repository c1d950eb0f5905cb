"""The whole edit form of a listing and of an organisation's page: sections in the order of the public page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .edit_fields import Choices, RecordForm, bound_errors
from .edit_rows import (
    ContactForm,
    ExceptionForm,
    HoursForm,
    LinkForm,
    PlaceForm,
    RowForm,
    RowSet,
    SeasonForm,
    VisitForm,
)
from .exchange import shapes
from .exchange.shapes import Row, Shape
from .facts import ACCESS_FACTS

FACTS = tuple(fact.field for fact in ACCESS_FACTS)


@dataclass(frozen=True)
class Section:
    """`code` names it in addresses (#osa-contacts); `languages` are texts in another language."""

    code: str
    title: Any
    keys: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    language: str = ""
    hint: Any = ""
    is_essential: bool = False


@dataclass
class ShownSection:
    section: Section
    fields: list[forms.BoundField]
    row_sets: list[RowSet]
    is_open: bool
    has_errors: bool = False


SERVICE_SECTIONS = (
    Section("contacts", _("Contact details"), rows=("contacts",)),
    Section("hours", _("Opening hours"), ("hours_note",), ("opening_hours", "opening_exceptions")),
    Section("way", _("How to get the service"), ("how_to_get", *FACTS, "capacity", "waiting"), is_essential=True),
    Section("what", _("What it is"), ("name", "summary", "description", "main_type", "further_types", "keywords"), is_essential=True),
    Section("whom", _("For whom"), ("audiences", "min_age", "max_age", "addictions", "who_cannot_come", "languages")),
    Section("first", _("What happens at the first visit"), ("first_visit",)),
    Section("cost", _("Cost"), ("cost",)),
    Section("where", _("Where"), ("municipalities", "outside_region", "channels"), ("places",)),
    Section("visits", _("Visits and group seasons"), rows=("visits", "seasons")),
    Section(
        "professionals", _("For professionals"),
        ("referral_for_professionals", "tell_the_client", "consult", "stages", "settings", "aims", "contents"),
        hint=_("Whom to consult is shown to signed-in members only. The rest is public."),
    ),
    Section("temporary", _("Pilot or project"), ("temporary", "temporary_until")),
    Section("sv", _("In Swedish"), language="sv"),
    Section("en", _("In English"), language="en"),
    Section("plain", _("In plain Finnish"), language="plain"),
)  # fmt: skip


class ServiceForm(RecordForm):
    shape = shapes.SERVICE
    keys = tuple(key for section in SERVICE_SECTIONS for key in section.keys)
    hints: ClassVar[dict[str, Any]] = {
        "summary": _("One sentence that tells whom it helps and how."),
        "how_to_get": _("What to do first: call, come in, fill in a form. A link to your own page is enough, too."),
    }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        least, most = data.get("min_age"), data.get("max_age")
        if least is not None and most is not None and most < least:
            self.add_error("max_age", _("The oldest age is below the youngest."))
        if data.get("temporary_until") and not data.get("temporary"):
            self.add_error("temporary", _("Say whether this is a pilot or a project that ends."))
        if data.get("main_type") and data["main_type"] in data.get("further_types", ()):
            data["further_types"] = [code for code in data["further_types"] if code != data["main_type"]]
        return data


class TextForm(RecordForm):
    shape = shapes.TEXT
    keys = ("name", "summary", "description", "how_to_get")


ORGANISATION_SECTIONS = (
    Section("contacts", _("Contact details"), ("website",), ("contacts",)),
    Section("what", _("Who we are"), ("name", "description", "unit_type", "reach", "municipality"), is_essential=True),
    Section("doing", _("What we do"), ("what_we_do", "what_we_do_not")),
    Section("referring", _("How people are guided to us"), ("how_to_refer", "ask_us", "competences")),
    Section("whom", _("Whom we meet and where"), ("meets", "municipalities_served")),
    Section("links", _("Elsewhere on the web"), rows=("links",)),
    Section("sv", _("In Swedish"), ("name_sv", "description_sv")),
    Section("en", _("In English"), ("name_en", "description_en")),
)


class OrganisationForm(RecordForm):
    shape = shapes.ORGANISATION
    keys = tuple(key for section in ORGANISATION_SECTIONS for key in section.keys)


# (form, title, words on the button that adds one)
ROWS: dict[str, tuple[type[RowForm], Any, Any]] = {
    "contacts": (ContactForm, _("Ways to get in touch"), _("Add a way to get in touch")),
    "opening_hours": (HoursForm, _("Opening hours of the week"), _("Add opening hours")),
    "opening_exceptions": (ExceptionForm, _("Exceptions, such as holidays"), _("Add an exception")),
    "places": (PlaceForm, _("Places"), _("Add a place")),
    "visits": (VisitForm, _("Visits of a service that moves"), _("Add a visit")),
    "seasons": (SeasonForm, _("Seasons of a group"), _("Add a season")),
    "links": (LinkForm, _("Links"), _("Add a link")),
}
AT_PLACE = ("contacts", "opening_hours", "opening_exceptions")


class EditForm:
    """Fields, texts and rows as one form. `start` is the record to begin with; `add` names rows that get one more.

    `essentials`: whether a public listing's essentials must be told. What the form has no field for stays as it was.
    """

    shape: Shape
    sections: tuple[Section, ...]
    form: type[RecordForm]
    essentials: tuple[str, ...]
    languages: tuple[str, ...] = ()

    def __init__(
        self, start: Row, *, data: Any = None, add: str = "", essentials: bool = True, wanted: Sequence[str] = (),
        choices: Choices | None = None,
    ) -> None:  # fmt: skip
        self.start, self.data, self.add, self.wanted = start, data, add, wanted
        self.choices = choices or Choices()
        required = self.essentials if essentials else ("name",)
        self.main = self.form(data, row=start, choices=self.choices, required=required)
        told = {text["language"]: text for text in start.get("texts", [])}
        self.texts = {
            language: TextForm(
                data, row=told.get(language, TextForm.shape.defaults), choices=self.choices, prefix=language
            )
            for language in self.languages
        }
        self.rows: dict[str, RowSet] = {}
        names = [key for section in self.sections for key in section.rows]
        for key in sorted(names, key=lambda key: key != "places"):  # the others ask which place
            self.rows[key] = self._row_set(key)

    def _row_set(self, key: str) -> RowSet:
        form, title, add = ROWS[key]
        rows = self._start_rows(key)
        is_bare = self.data is None and not rows and key in ("contacts", "opening_hours")
        places = self.rows["places"].labels() if "places" in self.rows and key in AT_PLACE else []
        return RowSet(
            key, form, title=title, add=add, choices=self.choices, rows=rows, data=self.data,
            more=self.add == key or is_bare, places=places,
        )  # fmt: skip

    def _start_rows(self, key: str) -> list[Row]:
        """The service's own rows, then those of its places, each with the number of its place."""
        rows = [dict(row) for row in self.start[key]]
        if key in AT_PLACE:
            for at, place in enumerate(self.start.get("places", [])):
                rows += [row | {"place": str(at)} for row in place[key]]
        return rows

    # Right or wrong ---------------------------------------------------------------------------------------------

    @property
    def forms(self) -> list[RecordForm]:
        rows = [form for row_set in self.rows.values() if row_set.is_told for _at, form in row_set.live]
        return [self.main, *self.texts.values(), *rows]

    def forgive(self) -> None:
        for form in (self.main, *self.texts.values(), *(form for rows in self.rows.values() for form in rows.forms)):
            form.forgive()

    def is_valid(self) -> bool:
        right = not [form for form in self.forms if not form.is_valid()]  # all of them say what is wrong
        if right:
            self._check_times()
        return right and not self.errors

    def _check_times(self) -> None:
        """No two intervals of one day and place open at the same time."""
        rows = self.rows.get("opening_hours")
        seen: set[tuple[str, int, str]] = set()
        for _at, form in rows.live if rows and rows.is_told else []:
            for row in form.rows():
                start = (form.cleaned_data.get("place", ""), row["weekday"], row["opens"])
                if start in seen and not form.errors:
                    form.add_error("opens", _("There is already an interval that opens then."))
                seen.add(start)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(id of the field, error), in the order of the page."""
        ordered = [*self._forms_of_sections()]
        return [error for form in dict.fromkeys(ordered) for error in bound_errors(form)]

    def _forms_of_sections(self) -> Iterator[RecordForm]:
        for section in self.sections:
            if section.keys:
                yield self.main
            if section.language:
                yield self.texts[section.language]
            for key in section.rows:
                yield from (form for _at, form in self.rows[key].live if self.rows[key].is_told)

    # The record --------------------------------------------------------------------------------------------------

    def record(self) -> Row:
        """What the form says, on top of what it began with."""
        record = self.start | self.main.told()
        if self.languages:
            texts = [form.told() | {"language": language} for language, form in self.texts.items()]
            record["texts"] = sorted(
                (text for text in texts if any(text[key] for key in TextForm.keys)), key=lambda text: text["language"]
            )
        places = self._places()
        for key, row_set in self.rows.items():
            if key != "places" and row_set.is_told:
                record[key] = self._own_rows(key, row_set, places)
        if "places" in self.rows and self.rows["places"].is_told:
            record["places"] = list(places.values())
        return record

    def _places(self) -> dict[str, Row]:
        """By number; without what stands at them, which `_own_rows` adds."""
        row_set = self.rows.get("places")
        if row_set is None or not row_set.is_told:
            return {}
        empty: Row = {key: [] for key in AT_PLACE}
        return {str(at): form.told() | {key: list(rows) for key, rows in empty.items()} for at, form in row_set.live}

    def _own_rows(self, key: str, row_set: RowSet, places: dict[str, Row]) -> list[Row]:
        own: list[Row] = []
        for _at, form in row_set.live:
            place = form.cleaned_data.get("place", "")
            if place in places:
                places[place][key] += form.rows()
            elif not place:
                own += form.rows()
        order = next(rows.order for rows in self.shape.rows if rows.key == key)
        for below in (own, *(row[key] for row in places.values() if key in row)):
            if order:
                below.sort(key=order)
        return own

    # The page ------------------------------------------------------------------------------------------------------

    @cached_property
    def shown(self) -> list[ShownSection]:
        return [self._shown(section) for section in self.sections]

    def _shown(self, section: Section) -> ShownSection:
        form = self.texts[section.language] if section.language else self.main
        fields = form.bound(TextForm.keys if section.language else section.keys)
        row_sets = [self.rows[key] for key in section.rows]
        wrong = any(field.errors for field in fields) or any(
            form.errors for rows in row_sets if rows.is_told for _at, form in rows.live
        )
        is_open = wrong or self.add in section.rows or section.code in self.wanted
        return ShownSection(section, fields, row_sets, is_open, wrong)


class EditService(EditForm):
    shape = shapes.SERVICE
    sections = SERVICE_SECTIONS
    form = ServiceForm
    essentials = ("name", "summary", "how_to_get", "main_type")
    languages = ("sv", "en", "plain")

    def record(self) -> Row:
        """How much room there is has a date of its own: the day it was last said."""
        record = super().record()
        if any(record[key] != self.start[key] for key in ("capacity", "waiting")):
            told = record["capacity"] or record["waiting"]
            record["capacity_on"] = timezone.localdate().isoformat() if told else None
        return record


class EditOrganisation(EditForm):
    shape = shapes.ORGANISATION
    sections = ORGANISATION_SECTIONS
    form = OrganisationForm
    essentials = ("name",)
