"""Texts and facts of a service as one reader is shown them."""

from typing import TYPE_CHECKING, NamedTuple

from django_stubs_ext import StrOrPromise

if TYPE_CHECKING:
    from .service import Service


class KnownFact(NamedTuple):
    """One access fact of one service. `value` is True, False or None (not known)."""

    code: str
    value: bool | None
    label: StrOrPromise


class ShownText(NamedTuple):
    """The texts of a service for one reader; `languages` tells which language each was found in."""

    name: str
    summary: str
    description: str
    how_to_get: str
    languages: dict[str, str]


def shown_text(service: "Service", language: str) -> ShownText:
    fields = ("name", "summary", "description", "how_to_get")
    other = next((text for text in service.texts.all() if text.language == language), None)
    found = {
        field: (getattr(other, field), language) if other and getattr(other, field) else (getattr(service, field), "fi")
        for field in fields
    }
    name, summary, description, how_to_get = (found[field][0] for field in fields)
    return ShownText(name, summary, description, how_to_get, {field: found[field][1] for field in fields})
