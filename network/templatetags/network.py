"""Texts in the reader's language."""

from functools import lru_cache
from typing import Any

from django import template
from django.db import models
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language

from network import markdown as marked
from network.models import Network
from network.translated import Translated

register = template.Library()


@register.filter
def local(thing: Translated, field: str) -> str:
    """`{{ network|local:"name" }}`: the field in the active language, else in Finnish."""
    return thing.local(field).text


@register.filter
def local_lang(thing: Translated, field: str) -> SafeString:
    """`<p{{ network|local_lang:"intro" }}>`: a `lang` attribute when the text is not in the page's language."""
    return lang_attr(thing.local(field).language)


@register.filter
def lang_attr(language: Any) -> SafeString:
    """` lang="fi"` when it differs from the page's language, else nothing."""
    if not language or language == (get_language() or "fi"):
        return SafeString("")
    return format_html(' lang="{}"', language)


@register.filter
def markdown(text: str) -> SafeString:
    """What somebody wrote in Markdown, as safe HTML."""
    return marked.to_html(str(text))


@register.filter
def markdown_words(text: str) -> SafeString:
    """The words of the first paragraph of a text in Markdown, without links and emphasis."""
    return mark_safe(marked.to_words(str(text)))  # escaped by the cleaner


@register.filter
def model_name(thing: models.Model) -> str:
    """The model's name in code, as addresses use it."""
    return str(thing._meta.model_name)


@register.filter
def kind_name(thing: models.Model) -> str:
    """The model's name for people."""
    return str(capfirst(thing._meta.verbose_name))


# All that the foot of a page tells of the network.
IN_FOOTER = (
    *(f"{name}{language}" for name in ("slogan", "funder_line") for language in ("", "_sv", "_en")),
    *("coordinator_name", "coordinator_email", "coordinator_phone"),
)


@register.simple_tag(takes_context=True)
def site_footer(context: Any) -> SafeString:
    """The foot of every page, kept under what it tells: a fifth of the work of a page that is made anew."""
    return footer_html(get_language(), tuple(getattr(context["network"], name) for name in IN_FOOTER))


@lru_cache(maxsize=12)
def footer_html(_language: str | None, told: tuple[str, ...]) -> SafeString:
    return render_to_string("_site_footer.html", {"network": Network(**dict(zip(IN_FOOTER, told, strict=True)))})
