"""The form of one record: plain fields, and rows such as contacts and opening hours that grow without a script.

Fields and rows hold the values of the exchange format, so that a form goes into a record and back without a query for
each row: vocabularies are read once for a page (`Choices`).
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.db import models
from django.forms.utils import ErrorDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from network.guards import guard_free_text
from network.models import Municipality, Organisation
from network.templatetags.look import first_input

from .exchange import shapes
from .exchange.kinds import Clock, Day, Flag, Listed, Reference, Words
from .exchange.shapes import Codes, Column, Row, Shape
from .models import Contact
from .models.times import LATEST_NIGHT, Weekday

MOST_ROWS = 60
YES_NO = [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]
_YES_NO = {"yes": True, "no": False, "": None}


class Choices:
    """Codes with their names, each vocabulary read once."""

    def __init__(self) -> None:
        self._read: dict[type[models.Model], list[tuple[str, str, bool]]] = {}

    def of(self, model: type[models.Model], chosen: Sequence[str] = ()) -> list[tuple[str, str]]:
        """What is offered, and what is chosen already even if it is offered no longer."""
        if model not in self._read:
            self._read[model] = list(self._rows(model))
        return [(code, name) for code, name, offered in self._read[model] if offered or code in chosen]

    def names(self, model: type[models.Model]) -> dict[str, str]:
        self.of(model)
        return {code: name for code, name, _offered in self._read[model]}

    def _rows(self, model: type[models.Model]) -> Iterator[tuple[str, str, bool]]:
        if model is Municipality:
            near = set(Municipality.objects.in_region().values_list("pk", flat=True))
            for place in Municipality.objects.all():
                yield place.code, place.local_name, place.pk in near or not near
        elif model is Organisation:
            active = set(Organisation.objects.active().values_list("pk", flat=True))
            for body in Organisation.objects.order_by("sort_name", "pk"):
                yield body.slug, body.local_name, body.pk in active
        else:
            for term in cast(Any, model)._default_manager.all():
                yield term.code, str(term), getattr(term, "in_use", True)


# One record's plain fields --------------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """As people compare texts: a browser sends other line ends, and a form takes spaces off the ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _field(one: Column | Codes, shape: Shape, choices: Choices, value: Any) -> forms.Field:
    if isinstance(one, Codes):
        label = shape.model._meta.get_field(one.attr).verbose_name  # type: ignore[union-attr]
        return forms.MultipleChoiceField(
            label=_capital(label), required=False, choices=choices.of(one.target, value or ()),
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
    field, kind = one.kind.field, one.kind
    label, help_text = _capital(field.verbose_name), field.help_text
    if isinstance(kind, Reference):
        offered = choices.of(kind.target, [value] if value else [])
        return forms.ChoiceField(
            label=label, required=not field.blank, choices=[("", "–"), *offered], help_text=help_text
        )
    if isinstance(kind, Listed):
        widget: forms.Widget = forms.TextInput() if isinstance(kind, Words) else forms.Textarea(attrs={"rows": 3})
        return forms.CharField(
            label=label, required=False, max_length=field.max_length, widget=widget, help_text=help_text
        )
    if isinstance(kind, Flag) and kind.nullable:
        return forms.ChoiceField(label=label, required=False, choices=YES_NO, help_text=help_text)
    if isinstance(kind, Day):
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        return forms.DateField(label=label, required=not field.blank, widget=widget, help_text=help_text)
    if isinstance(kind, Clock):
        widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
        return forms.TimeField(label=label, required=not field.blank, widget=widget, help_text=help_text)
    made = cast(
        forms.Field,
        field.formfield(assume_scheme="https") if isinstance(field, models.URLField) else field.formfield(),
    )
    if isinstance(made.widget, forms.Textarea):
        made.widget.attrs["rows"] = 5 if (field.max_length or 0) > 1000 else 3
    return made


def _capital(label: Any) -> str:
    text = str(label)
    return text[:1].upper() + text[1:]


def _shown(one: Column | Codes, value: Any) -> Any:
    if isinstance(one, Codes):
        return value
    if isinstance(one.kind, Listed):
        return one.kind.joined_by.join(value)
    if isinstance(one.kind, Flag) and one.kind.nullable:
        return {True: "yes", False: "no", None: ""}[value]
    return value


def _read(one: Column | Codes, value: Any) -> Any:
    """The form's value as a record has it."""
    if isinstance(one, Codes):
        return sorted(value)
    kind = one.kind
    if isinstance(kind, Listed):
        return kind.written(value, None)  # type: ignore[arg-type]
    if isinstance(kind, Flag) and kind.nullable:
        return _YES_NO[value]
    if isinstance(kind, Reference):
        return value or None
    if isinstance(value, dt.date | dt.time):
        return value.isoformat() if isinstance(value, dt.date) else value.isoformat("minutes")
    return plain(value) if isinstance(value, str) else value


def _same(old: Any, new: Any) -> bool:
    return old == new or (isinstance(old, str) and isinstance(new, str) and plain(old) == new)


class RecordForm(forms.Form):
    """Some keys of a shape as fields. `required` are keys that must be told here though the model lets them be empty."""

    shape: ClassVar[Shape]
    keys: ClassVar[tuple[str, ...]]
    labels: ClassVar[dict[str, Any]] = {}
    hints: ClassVar[dict[str, Any]] = {}

    def __init__(
        self,
        data: Any = None,
        *,
        row: Row | None = None,
        choices: Choices,
        prefix: str | None = None,
        required: Sequence[str] = (),
    ) -> None:
        super().__init__(data, prefix=prefix, use_required_attribute=False)
        self.row = row or {}
        known: list[Column | Codes] = [*self.shape.columns, *self.shape.codes]
        parts = {one.key: one for one in known}
        self.parts = {key: parts[key] for key in self.keys}
        for key, one in self.parts.items():
            chosen = self.row.get(key)
            if data is not None and not isinstance(one, Codes) and isinstance(one.kind, Reference):
                chosen = chosen or data.get(self.add_prefix(key))
            self.fields[key] = _field(one, self.shape, choices, chosen)
            self.fields[key].label = self.labels.get(key, self.fields[key].label)
            self.fields[key].help_text = self.hints.get(key, self.fields[key].help_text)
            if key in required:
                self.fields[key].required = True
            if key in self.row:
                self.initial[key] = _shown(one, self.row[key])
        guard_free_text(self)

    def told(self) -> Row:
        """What the form says, of a form that is right. A text that is the same but for its line ends stays as it was."""
        found: Row = {}
        for key, one in self.parts.items():
            value = _read(one, self.cleaned_data[key])
            found[key] = self.row[key] if key in self.row and _same(self.row[key], value) else value
        return found

    def bound(self, keys: Sequence[str]) -> list[forms.BoundField]:
        return [self[key] for key in keys]

    def forgive(self) -> None:
        """Show what was typed without saying yet what is wrong with it."""
        self._errors = ErrorDict()
        self.cleaned_data = {}


def _times_in_order(form: forms.Form, first: str, last: str) -> None:
    one, other = form.cleaned_data.get(first), form.cleaned_data.get(last)
    if one and other and other < one:
        form.add_error(last, _("The last day is before the first."))


# Rows ---------------------------------------------------------------------------------------------------------------


class RowForm(RecordForm):
    """One row. It is blank, and dropped, when nothing stands in the fields that `tell`."""

    tell: ClassVar[tuple[str, ...]]
    more: ClassVar[tuple[str, ...]] = ()  # folded
    at_place: ClassVar[bool] = False

    def __init__(self, data: Any = None, *, places: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if self.at_place and places:
            whole = _("the whole service")
            self.fields["place"] = forms.ChoiceField(
                label=_("Which place"),
                required=False,
                choices=[("", whole), *places],
                initial=self.row.get("place", ""),
            )
        self.fields["remove"] = forms.BooleanField(label=_("Remove this"), required=False)

    @property
    def is_blank(self) -> bool:
        return self.is_bound and not any(str(self.data.get(self.add_prefix(key)) or "").strip() for key in self.tell)

    @property
    def is_removed(self) -> bool:
        return self.is_bound and bool(self.data.get(self.add_prefix("remove")))

    def full_clean(self) -> None:
        if self.is_blank or self.is_removed:
            self.forgive()
        else:
            super().full_clean()

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.more and name != "remove"]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return self.bound([name for name in self.more if name in self.fields])

    @property
    def limit(self) -> str:
        """What a folded row must say of itself at once: that not everybody sees it."""
        if "members_only" in self.fields and self["members_only"].value():
            return gettext("Shown to signed-in members only")
        if "confidential" in self.fields and self["confidential"].value():
            return gettext("Confidential: only editors see this")
        return ""

    @property
    def opens_more(self) -> bool:
        return any(field.errors for field in self.more_fields)

    def rows(self) -> list[Row]:
        return [self.told()]


class ContactForm(RowForm):
    shape = shapes.CONTACT
    keys = ("kind", "value", "name", "hours", "members_only", "cost", "name_sv", "name_en")
    tell = ("value", "name", "hours", "cost", "name_sv", "name_en")
    more = ("hours", "cost", "members_only", "place", "name_sv", "name_en")
    at_place = True
    labels = {"members_only": _("Only for members of the network, for example a direct line for professionals")}
    hints = {"members_only": ""}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Contact.Kind.choices  # type: ignore[attr-defined]
        self.fields["value"].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") and data.get("value"):
            value = data["value"]
            if data["kind"] in ("web", "booking", "chat") and re.match(r"^[\w.-]+\.\w{2,}(/|$)", value):
                data["value"] = value = f"https://{value}"
            try:
                Contact(kind=data["kind"], value=value).clean()
            except forms.ValidationError as error:
                self.add_error("value", error.messages)
        return data


_DAYS = {"1-5": range(1, 6), "6-7": range(6, 8), "1-7": range(1, 8)}


class HoursForm(RowForm):
    shape = shapes.HOURS
    keys = ("weekday", "opens", "closes")
    tell = ("weekday", "opens", "closes")
    at_place = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        several = [("1-5", _("Monday–Friday")), ("6-7", _("Saturday–Sunday")), ("1-7", _("Every day"))]
        days = [("", "–"), *((str(code), label) for code, label in Weekday.choices), *several]
        self.fields["weekday"] = forms.ChoiceField(label=_("Day"), choices=days)
        self.order_fields(["weekday", "opens", "closes"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        opens, closes = data.get("opens"), data.get("closes")
        if opens and closes and LATEST_NIGHT < closes < opens:
            self.add_error("closes", _("The closing time is before the opening time."))
        return data

    def rows(self) -> list[Row]:
        day, opens, closes = (self.cleaned_data[key] for key in self.keys)
        times = {"opens": opens.isoformat("minutes"), "closes": closes.isoformat("minutes")}
        return [{"weekday": one, **times} for one in _DAYS.get(day) or [int(day)]]


class ExceptionForm(RowForm):
    shape = shapes.EXCEPTION
    keys = ("first_day", "last_day", "opens", "closes", "note")
    tell = keys
    at_place = True
    hints = {"opens": _("Empty when closed.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].required = False
        self.fields["last_day"].help_text = _("Empty when it is one day.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["last_day"] = data.get("last_day") or data.get("first_day")
        _times_in_order(self, "first_day", "last_day")
        if bool(data.get("opens")) != bool(data.get("closes")) and not self.errors:
            self.add_error("closes", _("Give both times, or neither when it is closed."))
        return data


class VisitForm(RowForm):
    shape = shapes.VISIT
    keys = ("date", "venue", "starts", "ends", "municipality", "staff", "note")
    tell = ("date", "venue", "starts", "ends", "staff", "note")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("ends") and not data.get("starts"):
            self.add_error("starts", _("Give the start too."))
        return data


class SeasonForm(RowForm):
    shape = shapes.SEASON
    keys = ("first_day", "last_day", "weekday", "starts", "ends", "sign_up", "note")
    tell = ("first_day", "last_day", "starts", "ends", "sign_up", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = [("", "–"), *Weekday.choices]
        self.fields["weekday"] = forms.TypedChoiceField(
            label=_("Weekday"), choices=days, coerce=int, empty_value=None, required=False,
        )  # fmt: skip
        self.order_fields(self.keys)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        _times_in_order(self, "first_day", "last_day")
        if data.get("ends") and not data.get("starts"):
            self.add_error("starts", _("Give the start too."))
        return data


class PlaceForm(RowForm):
    shape = shapes.PLACE
    keys = (
        "name", "street_address", "postcode", "post_office", "municipality", "how_to_come", "accessibility",
        "premises_of", "confidential",
    )  # fmt: skip
    tell = (
        "name",
        "street_address",
        "postcode",
        "post_office",
        "municipality",
        "how_to_come",
        "accessibility",
        "premises_of",
    )
    more = ("accessibility", "premises_of", "confidential")
    labels = {"confidential": _("Confidential: only the editors of this listing see this place")}
    hints = {"confidential": ""}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not any(data.get(key) for key in ("name", "street_address", "municipality", "premises_of")):
            self.add_error("name", _("Give a name, an address, premises or a municipality."))
        return data


class LinkForm(RowForm):
    shape = shapes.LINK
    keys = ("title", "url")
    tell = keys


class RowSet:
    """Rows of one kind. Their number stands in a hidden field; where it is missing nothing was said of them."""

    def __init__(
        self, key: str, form: type[RowForm], *, title: Any, add: Any, choices: Choices, rows: Sequence[Row] = (),
        data: Any = None, more: bool = False, places: Sequence[tuple[str, str]] = (),
    ) -> None:  # fmt: skip
        self.key, self.title, self.add = key, title, add
        told = None if data is None else str(data.get(self.count_name, ""))
        self.is_told = told is not None and told.isdecimal()
        count = min(int(told or 0), MOST_ROWS) if self.is_told else len(rows)
        count = min(count + more, MOST_ROWS)
        at = [rows[number] if number < len(rows) and not self.is_told else None for number in range(count)]
        self.forms = [
            form(data if self.is_told else None, prefix=f"{key}-{number}", row=row, choices=choices, places=places)
            for number, row in enumerate(at)
        ]
        self.is_full = count >= MOST_ROWS

    @property
    def count_name(self) -> str:
        return f"{self.key}-count"

    @property
    def count(self) -> int:
        return len(self.forms)

    @property
    def live(self) -> list[tuple[int, RowForm]]:
        """Those that say something, with their numbers."""
        return [(at, form) for at, form in enumerate(self.forms) if not form.is_blank and not form.is_removed]

    def is_valid(self) -> bool:
        return not self.is_told or all(form.is_valid() for _at, form in self.live)

    def labels(self) -> list[tuple[str, str]]:
        """Of places: a number and a name for each that says something."""
        found = []
        for at, form in self.live:
            name = next((str(form[key].value()) for key in ("name", "street_address") if form[key].value()), "")
            found.append((str(at), name or str(_("Place %(number)d") % {"number": at + 1})))
        return found


def bound_errors(form: RecordForm) -> list[tuple[str, str]]:
    """(id of the field, error) for the summary."""
    found = [("", str(error)) for error in form.non_field_errors()]
    for field in form:
        found += [(first_input(field), str(error)) for error in field.errors]
    return found
