"""The plain fields of one record as a form.

Fields hold the values of the exchange format, so that a form goes into a record and back without a query for each row:
vocabularies are read once for a page (`Choices`).
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.db import models
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from network.guards import guard_free_text
from network.models import Municipality, Organisation
from network.templatetags.look import first_input

from .exchange.kinds import Clock, Day, Flag, Listed, Reference, Words
from .exchange.shapes import Codes, Column, Row, Shape

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


def bound_errors(form: RecordForm) -> list[tuple[str, str]]:
    """(id of the field, error) for the summary."""
    found = [("", str(error)) for error in form.non_field_errors()]
    for field in form:
        found += [(first_input(field), str(error)) for error in field.errors]
    return found
