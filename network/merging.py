"""Forms of what two people may change at once: neither loses anything, and the later one sees both.

    class ItemForm(MergingForm): …

The form carries a mark of each value that it was opened with. When it is sent and somebody else has saved meanwhile,
a field that only the other changed stays as she left it. Where both wrote, the form comes back with this writer's value
in the field and the other's beside it; sent again, it is saved. Whoever saves holds the row from reading it on.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

BEGAN = "began"


class MergingForm(forms.ModelForm):
    data: Any
    began = forms.CharField(required=False, widget=forms.HiddenInput, max_length=5000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.marks = self._marks() if self.instance.pk else {}
        now = json.dumps(self.marks, separators=(",", ":")) if self.marks else ""
        self.initial[BEGAN] = now
        self.opened_with: dict[str, str] = {}
        given = self.data.get(self.add_prefix(BEGAN), "") if self.is_bound else ""
        if self.marks and given and given != now:
            self.opened_with = marks_from(given)
            self.data = self.data.copy()
            self.data[self.add_prefix(BEGAN)] = now  # sent again, it is sent with the other's values in view

    def _marks(self) -> dict[str, str]:
        names = [name for name in self.fields if name in self.initial and name != BEGAN]
        return {name: mark(self.initial[name]) for name in names}

    def clean(self) -> Any:
        cleaned = super().clean() or self.cleaned_data
        for name, was in self.opened_with.items():
            now = self.marks.get(name)
            if now is None or now == was or name not in self.fields:
                continue
            mine = mark(cleaned[name]) if name in cleaned else None  # what is not right has been touched
            if mine == was:
                self._take(name, cleaned)
            elif mine != now:
                theirs = in_words(self.fields[name], self.initial[name])
                self.add_error(
                    name,
                    _("Somebody else wrote here meanwhile: “%(theirs)s”. What you wrote is in the field: save again, and it takes that place.")
                    % {"theirs": theirs},
                )  # fmt: skip
        if self.opened_with and self.errors and NON_FIELD_ERRORS not in self.errors:
            self.add_error(None, _("Somebody changed this after you opened it. Nothing is lost: look at the fields."))
        return cleaned

    def _take(self, name: str, cleaned: dict[str, Any]) -> None:
        """The other's value, as if this writer had had it before her."""
        value = self.fields[name].prepare_value(self.initial[name])
        cleaned[name] = self.fields[name].clean(value)
        if isinstance(value, list) and hasattr(self.data, "setlist"):
            self.data.setlist(self.add_prefix(name), value)
        else:
            self.data[self.add_prefix(name)] = value

    def write(self, *stamps: str) -> None:
        """Save the form's own columns and relations, and the stamps; what others write in the row meanwhile stays."""
        self.save(commit=False)
        columns = {field.name for field in self.instance._meta.concrete_fields}
        self.instance.save(update_fields=[*(name for name in self.cleaned_data if name in columns), *stamps])
        self.save_m2m()


def marks_from(text: str) -> dict[str, str]:
    """What the form brings; nothing of what is not its own."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def mark(value: Any) -> str:
    """A short word for a value, the same for a row and what a form makes of it."""
    if isinstance(value, models.Model):
        value = value.pk
    elif isinstance(value, dt.datetime):
        value = value.astimezone(dt.UTC).replace(second=0, microsecond=0)
    elif isinstance(value, Iterable) and not isinstance(value, str):
        value = sorted(str(one.pk if isinstance(one, models.Model) else one) for one in value)
    text = "" if value is None else str(value).replace("\r\n", "\n").strip()
    return hashlib.blake2b(text.encode(), digest_size=5).hexdigest()


def in_words(field: Any, value: Any) -> str:
    """A field's value as people read it."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        words = ", ".join(str(one) for one in value or [])
    elif isinstance(field, forms.ModelChoiceField):
        found = field.queryset.model._base_manager.filter(pk=value).first() if field.queryset is not None else None
        words = str(found or "")
    elif isinstance(field, forms.ChoiceField):
        words = str(dict(field.choices).get(value, value) or "")  # type: ignore[arg-type]
    elif isinstance(value, dt.datetime):
        words = date_format(timezone.localtime(value), "j.n.Y H.i")
    elif isinstance(value, bool):
        words = _("yes") if value else _("no")
    else:
        words = "" if value is None else str(value)
    return words or _("(empty)")
