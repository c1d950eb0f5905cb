"""Template tags of the look: icons, readable addresses, dates, breadcrumb and page numbers."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import unquote, urlsplit

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

_RING = '<circle cx="12" cy="12" r="9"/>'
_ICONS = {
    "arrow": '<path d="M4.5 12h15m-6-6 6 6-6 6"/>',
    "building": '<path d="M4.5 21V6L12 3.5V21m0-11.5 7.5 2V21M2.5 21h19M8 9.2v.1M8 13v.1m0 3.7v.1m7.8-2.7v.1"/>',
    "calendar": '<path d="M4 6.5h16V20.5H4zM4 11h16M8.5 3.5v4.5m7-4.5v4.5"/>',
    "chat": '<path d="M4 5h16v11.5h-8.5L7 20.5v-4H4z"/>',
    "check": _RING + '<path d="m7.8 12.4 2.9 2.9 5.5-6"/>',
    "chevron": '<path d="m6 9.3 6 6 6-6"/>',
    "clock": _RING + '<path d="M12 6.8V12l3.4 2.2"/>',
    "close": '<path d="M6.2 6.2 17.8 17.8m0-11.6L6.2 17.8"/>',
    "cross": _RING + '<path d="m9 9 6 6m0-6-6 6"/>',
    "dash": _RING + '<path d="M8.3 12h7.4"/>',
    "download": '<path d="M12 3.5v12m-5-4.7 5 4.9 5-4.9M4.5 20.5h15"/>',
    "euro": _RING + '<path d="M15.2 8.7a4.2 4.2 0 1 0 0 6.6M7.2 11h5.3m-5.3 2.3h5"/>',
    "external": '<path d="M13.5 4H20v6.5M20 4l-9.3 9.3M17.5 14v5.5h-13v-13H10"/>',
    "globe": _RING + '<path d="M3.2 12h17.6M12 3c3.2 2.6 3.2 15.4 0 18M12 3c-3.2 2.6-3.2 15.4 0 18"/>',
    "info": _RING + '<path d="M12 11.2v5M12 7.7v.1"/>',
    "lock": '<path d="M5.5 10.5h13v10h-13zM8.5 10.5V7.3a3.5 3.5 0 0 1 7 0v3.2"/>',
    "mail": '<path d="M3.5 5.5h17v13h-17zm0 .7 8.5 6.6 8.5-6.6"/>',
    "menu": '<path d="M4 6.5h16M4 12h16M4 17.5h16"/>',
    "pencil": '<path d="m4 20 1-4.5L16.5 4 20 7.5 8.5 19zm10-13.5 3.5 3.5"/>',
    "people": (
        '<circle cx="9" cy="8" r="3.5"/><path d="M2.8 20c.3-4 2.8-6 6.2-6s5.9 2 6.2 6M15.5 4.8'
        'a3.5 3.5 0 0 1 0 6.4m2 3.3c2.2.8 3.5 2.7 3.7 5.5"/>'
    ),
    "phone": (
        '<path d="M7.8 3.5 10 8.2 7.9 10c1.2 2.7 3.4 4.9 6.1 6.1l1.8-2.1 4.7 2.2-.4 3.6c-.1.7-.7 1.2-1.4 1.2'
        'C10.6 20.5 3.5 13.4 3 5.3c0-.7.5-1.3 1.2-1.4z"/>'
    ),
    "pin": (
        '<path d="M12 21c-4-4-6.5-7.6-6.5-11a6.5 6.5 0 0 1 13 0c0 3.4-2.5 7-6.5 11z"/><circle cx="12" cy="10" r="2.2"/>'
    ),
    "plus": '<path d="M12 4.5v15M4.5 12h15"/>',
    "print": '<path d="M7 8.5V3.5h10v5M7 17H3.5V8.5h17V17H17M7 13.5h10v7H7z"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
    "unknown": _RING + '<path d="M9.6 9.7a2.5 2.5 0 1 1 3.7 2.2c-.9.5-1.3 1-1.3 1.8M12 16.6v.1"/>',
    "warning": '<path d="M12 3.8 21.5 20h-19zM12 10v4.5m0 2.5v.1"/>',
}
CONTACT_ICONS = {"phone": "phone", "email": "mail", "web": "globe", "booking": "calendar", "chat": "chat"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """An inline drawing of 24 × 24 units that says nothing to a screen reader; KeyError for an unknown name."""
    return mark_safe(  # fixed drawings from this file only
        f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{_ICONS[name]}</svg>'
    )


@register.simple_tag
def icon_names() -> list[str]:
    return list(_ICONS)


@register.filter
def contact_icon(kind: str) -> str:
    """The icon's name for a kind of contact; kinds that are added later get the general one."""
    return CONTACT_ICONS.get(str(kind), "info")


@register.filter
def readable_address(url: str) -> str:
    """A web address as people write it: no scheme, no www, no closing slash; a long path is left out."""
    parts = urlsplit(str(url))
    host = (parts.hostname or "").removeprefix("www.")
    full = host + unquote(parts.path).rstrip("/")
    return (full if len(full) <= 40 else host) or str(url)


@register.simple_tag
def external_link(url: str, text: str = "") -> SafeString:
    """A link out of the portal. Its text is the readable address, so that paper shows it too."""
    if urlsplit(str(url)).scheme not in {"http", "https"}:
        return format_html("{}", text or url)
    return format_html('<a class="external" href="{}">{}{}</a>', url, text or readable_address(url), icon("external"))


@register.filter
def tel(number: str) -> str:
    """A telephone number as the address of a tel: link: digits, and a plus in front if it had one."""
    text = str(number).strip()
    return "tel:" + ("+" if text.startswith("+") else "") + re.sub(r"\D", "", text)


_COMPOUND_ENDS = re.compile(
    r"(?<=[^\W\d_]{4})(?=toimija|toiminta|toiminna|asiantuntija|tilau|verkosto|palvelu|yhdistys|keskus|yksikkö|kunta|nätverk|aktör|tjänst|förening)",
    re.I,
)


@register.filter
def no_harvest(address: str) -> str:
    """An e-mail address as people read it and harvesters do not."""
    return str(address).replace("@", " (at) ")


@register.filter
def soft_hyphens(text: str) -> str:
    """Lets a long compound in a name break between its words; browsers without a Finnish dictionary need the hint."""
    return " ".join(_COMPOUND_ENDS.sub("\xad", w) if len(w) >= 16 else w for w in str(text).split(" "))


@register.filter(expects_localtime=True)
def day(value: date | None) -> str:
    """A date as it is read aloud in the page's language: 3.11.2026, in English 3 November 2026."""
    if not value:
        return ""
    return date_format(value, "j F Y" if get_language() == "en" else "j.n.Y")


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*pairs: str, here: str, own: bool = False) -> dict[str, Any]:
    """Breadcrumb from `address label` pairs above the page; the front page comes first by itself, with `own` my pages too."""
    return {"crumbs": list(zip(pairs[::2], pairs[1::2], strict=True)), "here": here, "own": own}


@register.filter
def page_numbers(page: Page) -> Iterator[int | str]:
    """Numbers of pages to link to, with a gap sign where some are left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def first_input(field: BoundField) -> str:
    """The id of the first thing in a field that can be focused: what an error summary links to."""
    return field.id_for_label or next((w.id_for_label for w in field.subwidgets if w.id_for_label), "") or field.auto_id
