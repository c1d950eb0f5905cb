"""Minutes as a PDF that a screen reader reads: tagged, with its title and language."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from network.models import Network
from network.templatetags.look import day
from network.typst_text import from_markdown, heading, listed, paragraph, pdf

from ..models import Minutes
from . import record
from .record import Record


def minutes_pdf(minutes: Minutes, level: str) -> bytes:
    """Of a published version, what the level reads; in the language of the minutes."""
    meeting = minutes.meeting
    with translation.override(settings.LANGUAGE_CODE):
        shown = record.shown(record.for_level(minutes, level), meeting, level)
        title = f"{_('Minutes')}: {meeting.title}"
        body = heading(title, 1) + paragraph(_about(minutes)) + _taking_part(shown)
        body += from_markdown(shown["opening"], level=2)
        for item in shown["items"]:
            body += heading(item["title"], 2) + from_markdown(item["text"], level=3) + _register(item)
        for table in shown["tables"]:
            body += heading(f"{table['number']}. {table['topic']}", 2) + from_markdown(table["text"], level=3)
        body += from_markdown(shown["closing"], level=2) + _register(shown)
        return pdf(title, body, language=settings.LANGUAGE_CODE, made=minutes.published_at)


def _about(minutes: Minutes) -> str:
    when = minutes.meeting.time_text or day(minutes.meeting.first_day)
    published = _("published %(day)s") % {"day": day(minutes.published_at)}
    version = _("version %(number)s") % {"number": minutes.number}
    return " · ".join(part for part in (Network.current().local_name, when, version, published) if part)


def _taking_part(shown: Record) -> str:
    body = ""
    if shown["headcount"]:
        body += paragraph(_("Took part: %(number)s") % {"number": shown["headcount"]})
    for title, lines in (
        (_("People who took part"), shown["people"]),
        (_("Organisations that took part"), shown["organisations"]),
        (_("Guests"), [guest for guest in shown["guests"] if guest]),
    ):
        if lines:
            body += heading(title, 2) + listed(lines)
    return body


def _register(part: Record) -> str:
    lines = [f"{_('Decision')}: {row['text']}" for row in part["decisions"]]
    for row in part["actions"]:
        details = [detail for detail in (row["owner"], _day(row["due"])) if detail]
        lines.append(f"{_('Action')}: {row['text']}" + (f" ({', '.join(details)})" if details else ""))
    return listed(lines)


def _day(value: str) -> str:
    return ".".join(str(int(part)) for part in reversed(value.split("-"))) if value else ""
