"""Kinds of single values: how each is checked in a file, kept in a model and written back.

A checked value is itself a JSON value in its one proper spelling, so that two can be compared with `==`.
"""

import datetime as dt
import re
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxLengthValidator, RegexValidator, URLValidator
from django.db import models

from .keys import Keys
from .problems import shortened

_WORD_FOR = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number with decimals",
    list: "a list",
    dict: "an object",
    type(None): "null",
}


class Wrong(ValueError):
    """A value that cannot be taken; the message tells why."""


def wrong_type(value: Any, wanted: str) -> Wrong:
    return Wrong(f"must be {wanted}, not {_WORD_FOR.get(type(value), 'this')}")


def checked_text(value: Any) -> str:
    """Any text a database can hold."""
    if not isinstance(value, str):
        raise wrong_type(value, "text")
    if "\0" in value:
        raise Wrong("has a NUL character")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Wrong("has half a character (a lone surrogate)") from None
    return value


class Kind:
    """`check` and the two conversions; those that say nothing else take a value as it is."""

    def __init__(self, field: models.Field) -> None:
        self.field = field
        self.nullable = field.null

    def check(self, value: Any, keys: Keys) -> Any:
        """The value in its proper spelling. Raises Wrong."""
        if value is None and self.nullable:
            return None
        return self.check_known(value, keys)

    def check_known(self, value: Any, keys: Keys) -> Any:
        raise NotImplementedError

    def kept(self, value: Any, keys: Keys) -> Any:
        """For the model's attribute."""
        return value

    def written(self, kept: Any, keys: Keys) -> Any:
        """From the model's attribute."""
        return kept

    @property
    def default(self) -> Any:
        return self.written(self.field.get_default(), _NO_KEYS)


_NO_KEYS = Keys()


class Text(Kind):
    def check_known(self, value: Any, keys: Keys) -> str:
        text = checked_text(value)
        longest = self.field.max_length
        if longest is not None and len(text) > longest:
            raise Wrong(f"is {len(text)} characters long; at most {longest} fit")
        if text and self.field.choices and text not in dict(self.field.flatchoices):
            raise Wrong(
                f"{shortened(text)} is not one of {', '.join(str(code) for code, _label in self.field.flatchoices)}"
            )
        if text:
            self._validate(text)
        elif self.field.choices and not self.field.blank:
            raise Wrong("is empty")
        return text

    def _validate(self, text: str) -> None:
        if isinstance(self.field, models.SlugField) and not re.fullmatch(r"[-\w]+", text, re.ASCII):
            raise Wrong(f"{shortened(text)} may have only the letters a–z, figures and hyphens")
        for validator in self.field.validators:
            if isinstance(validator, MaxLengthValidator):
                continue
            try:
                validator(text)
            except ValidationError:
                raise Wrong(f"{shortened(text)} {_REASON.get(type(validator), 'has not the right form')}") from None
        if isinstance(self.field, models.URLField) and not text.startswith(("http://", "https://")):
            raise Wrong(f"{shortened(text)} {_REASON[URLValidator]}")


_REASON: dict[type, str] = {
    URLValidator: "is not a web address that starts with http:// or https://",
    EmailValidator: "is not an e-mail address",
    RegexValidator: "has not the right form",
}


class Number(Kind):
    def check_known(self, value: Any, keys: Keys) -> int:
        if type(value) is not int:
            raise wrong_type(value, "a whole number" + (" or null" if self.nullable else ""))
        if self.field.choices:
            allowed = [code for code, _label in self.field.flatchoices]
            if value not in allowed:
                raise Wrong(f"{shortened(value)} is not one of {', '.join(map(str, allowed))}")
        if not 0 <= value <= 32767:
            raise Wrong(f"{shortened(value)} is not between 0 and 32767")
        return value


class Flag(Kind):
    def check_known(self, value: Any, keys: Keys) -> bool:
        if not isinstance(value, bool):
            raise wrong_type(value, "true or false")
        return value


class Day(Kind):
    def check_known(self, value: Any, keys: Keys) -> str:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
            try:
                return dt.date.fromisoformat(value).isoformat()
            except ValueError:
                pass
        raise Wrong(f"{shortened(value)} is not a day such as 2026-01-31")

    def kept(self, value: Any, keys: Keys) -> dt.date | None:
        return None if value is None else dt.date.fromisoformat(value)

    def written(self, kept: Any, keys: Keys) -> str | None:
        return None if kept is None else kept.isoformat()


class Clock(Kind):
    def check_known(self, value: Any, keys: Keys) -> str:
        if isinstance(value, str) and re.fullmatch(r"\d\d:\d\d(:\d\d(\.\d{1,6})?)?", value, re.ASCII):
            try:
                return _short(dt.time.fromisoformat(value))
            except ValueError:
                pass
        raise Wrong(f"{shortened(value)} is not a time between 00:00 and 23:59")

    def kept(self, value: Any, keys: Keys) -> dt.time | None:
        return None if value is None else dt.time.fromisoformat(value)

    def written(self, kept: Any, keys: Keys) -> str | None:
        return None if kept is None else _short(kept)


def _short(time: dt.time) -> str:
    return time.isoformat("minutes") if not (time.second or time.microsecond) else time.isoformat()


class Moment(Kind):
    def check_known(self, value: Any, keys: Keys) -> str:
        try:
            moment = dt.datetime.fromisoformat(value)
            if moment.tzinfo is not None:
                return _in_utc(moment)
        except (TypeError, ValueError, OverflowError):
            pass
        raise Wrong(f"{shortened(value)} is not a time with its zone, such as 2026-01-31T12:00:00Z")

    def kept(self, value: Any, keys: Keys) -> dt.datetime | None:
        return None if value is None else dt.datetime.fromisoformat(value)

    def written(self, kept: Any, keys: Keys) -> str | None:
        return None if kept is None else _in_utc(kept)


def _in_utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat() + "Z"


class Identifier(Kind):
    def check_known(self, value: Any, keys: Keys) -> str:
        try:
            return str(uuid.UUID(checked_text(value)))
        except ValueError:
            raise Wrong(f"{shortened(value)} is not an identifier (UUID)") from None

    def kept(self, value: Any, keys: Keys) -> uuid.UUID | None:
        return None if value is None else uuid.UUID(value)

    def written(self, kept: Any, keys: Keys) -> str | None:
        return None if kept is None else str(kept)


class Reference(Kind):
    """Another row, by its slug or code."""

    @property
    def target(self) -> type[models.Model]:
        return self.field.related_model  # type: ignore[return-value]

    def check_known(self, value: Any, keys: Keys) -> str:
        return check_reference(self.target, value, keys)

    def kept(self, value: Any, keys: Keys) -> Any:
        return keys.pk(self.target, value)

    def written(self, kept: Any, keys: Keys) -> str | None:
        return keys.key(self.target, kept)


def check_reference(target: type[models.Model], value: Any, keys: Keys) -> str:
    text = checked_text(value)
    if not keys.has(target, text):
        raise Wrong(f"there is no {_NAME.get(target.__name__, 'code')} {shortened(text)}")
    return text


_NAME = {
    "Organisation": "organisation",
    "Service": "service",
    "Municipality": "municipality",
    "WellbeingCounty": "county",
}


class Listed(Kind):
    """A list of short texts that the model keeps as one text; `separator` may not stand inside one."""

    separator, joined_by, splits, taboo = "a line break", "\n", re.compile(r"\r\n|\r|\n"), re.compile(r"[\r\n]")

    def check_known(self, value: Any, keys: Keys) -> list[str]:
        if not isinstance(value, list):
            raise wrong_type(value, "a list of texts")
        texts = [checked_text(item).strip() for item in value]
        if not all(texts):
            raise Wrong("has an empty text")
        for text in texts:
            if self.taboo.search(text):
                raise Wrong(f"{shortened(text)} has {self.separator}")
        length, longest = len(self.joined_by.join(texts)), self.field.max_length
        if longest is not None and length > longest:
            raise Wrong(f"is {length} characters long in all; at most {longest} fit")
        return texts

    def kept(self, value: Any, keys: Keys) -> str:
        return self.joined_by.join(value)

    def written(self, kept: Any, keys: Keys) -> list[str]:
        return [text for part in self.splits.split(kept) if (text := part.strip())]


class Words(Listed):
    separator, joined_by, splits, taboo = (
        "a comma or a line break",
        ", ",
        re.compile(r"[,\r\n]"),
        re.compile(r"[,\r\n]"),
    )


_KIND_OF: dict[type[models.Field], type[Kind]] = {
    models.CharField: Text,
    models.TextField: Text,
    models.PositiveSmallIntegerField: Number,
    models.BooleanField: Flag,
    models.DateField: Day,
    models.DateTimeField: Moment,
    models.TimeField: Clock,
    models.UUIDField: Identifier,
    models.ForeignKey: Reference,
}


def kind_of(field: models.Field) -> Kind:
    """The kind of a model's field; SlugField, URLField and EmailField are texts with a validator of their own."""
    for cls in type(field).__mro__:
        if cls in _KIND_OF:
            return _KIND_OF[cls](field)
    raise TypeError(f"The exchange format has no kind for {field}")
