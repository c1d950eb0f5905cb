"""Fields of the desk's forms that people fill in by hand."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from network.models import User


class PeopleField(forms.CharField):
    """People by the addresses of their accounts, one a line: with hundreds there is no list to scroll."""

    widget = forms.Textarea(attrs={"rows": 2})

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else "\n".join(person.email for person in value or [])

    def clean(self, value: Any) -> list[User]:
        addresses = self.addresses(super().clean(value))
        found = {person.email: person for person in User.objects.filter(email__in=addresses)}
        unknown = [address for address in addresses if address not in found]
        if unknown:
            raise ValidationError(
                _("Nobody has an account with the address %(address)s.") % {"address": ", ".join(unknown[:5])}
            )
        return [found[address] for address in addresses]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return {person.email for person in initial or []} != set(self.addresses(data or ""))

    @staticmethod
    def addresses(text: str) -> list[str]:
        words = (User.objects.normalize_email(word) for word in re.split(r"[\s,;]+", text) if word)
        return list(dict.fromkeys(words))


class NumbersField(forms.TypedMultipleChoiceField):
    """Ticked numbers for an array column."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, empty_value=[], **kwargs)


class DaysField(forms.CharField):
    """Days before the meeting, such as “7, 1”."""

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else ", ".join(map(str, value or []))

    def clean(self, value: Any) -> list[int]:
        words = [word for word in re.split(r"[\s,;]+", super().clean(value)) if word]
        if any(not word.isdecimal() or not 0 <= int(word) <= 60 for word in words):
            raise ValidationError(_("Give numbers of days from 0 to 60, such as “7, 1”."))
        return sorted({int(word) for word in words}, reverse=True)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != self.prepare_value(data)
