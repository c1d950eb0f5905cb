"""Rows of a record's form, such as contacts and opening hours, that grow without a script."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .edit_fields import Choices, RecordForm
from .exchange import shapes
from .exchange.shapes import Row
from .models import Contact
from .models.times import LATEST_NIGHT, Weekday

MOST_ROWS = 60


def _times_in_order(form: forms.Form, first: str, last: str) -> None:
    one, other = form.cleaned_data.get(first), form.cleaned_data.get(last)
    if one and other and other < one:
        form.add_error(last, _("The last day is before the first."))


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
