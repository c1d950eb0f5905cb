"""Texts that a coordinator writes in Finnish and may give in Swedish and English beside it.

The Finnish text stands in `<field>`, the others in `<field>_sv` and `<field>_en`; an empty one falls back to Finnish,
and the page then says so with a `lang` attribute.
"""

from typing import NamedTuple

from django.utils.translation import get_language

FALLBACK = "fi"


class LocalText(NamedTuple):
    """A text and the language it is in."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text


class Translated:
    """Mixin for models with `<field>`, `<field>_sv` and `<field>_en`."""

    def local(self, field: str, language: str | None = None) -> LocalText:
        """The field in the asked (or the active) language, with the language it was really found in."""
        wanted = (language or get_language() or FALLBACK)[:2]
        if wanted != FALLBACK and (text := getattr(self, f"{field}_{wanted}", "")):
            return LocalText(text, wanted)
        return LocalText(getattr(self, field), FALLBACK)

    @property
    def local_name(self) -> str:
        return self.local("name").text
