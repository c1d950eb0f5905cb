import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

# Not sources: what is installed, generated or for tests only.
SKIPPED = ("tests", "staticfiles", "static", "node_modules", "build", "docs", "__pycache__", "*.pyc", "*.mo", ".*")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

Message = tuple[str, str, str]  # context, text, plural


class Command(BaseCommand):
    help = "Fails unless every word of the pages is translated, none is doubtful, and none is left over."

    def handle(self, *args: Any, **options: Any) -> None:
        if not shutil.which("xgettext"):
            raise CommandError("xgettext is missing. Install it: apt-get install gettext")
        wanted = wanted_messages()
        problems = [
            f"{source.relative_to(settings.BASE_DIR)}: {problem}"
            for language, _name in settings.LANGUAGES
            for source in [settings.BASE_DIR / "locale" / language / "LC_MESSAGES" / "django.po"]
            for problem in catalogue_problems(source, wanted)
        ]
        if problems:
            raise CommandError("\n".join([*problems, f"{len(problems)} problems in the translations."]))
        self.stdout.write(f"{len(wanted)} messages are translated into {len(settings.LANGUAGES)} languages.")


def key(entry: polib.POEntry) -> Message:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def wanted_messages() -> set[Message]:
    """What the sources ask for, read by Django's makemessages in a copy of the tree."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(settings.BASE_DIR, copy, ignore=shutil.ignore_patterns(*SKIPPED))
        for catalogue in copy.glob("locale/*/LC_MESSAGES/*.po"):
            catalogue.unlink()
        (copy / "locale").mkdir(exist_ok=True)
        done = subprocess.run(
            [sys.executable, "manage.py", "makemessages", "--locale", "fi", "--no-location", "--verbosity", "0"],
            cwd=copy, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise CommandError(f"makemessages did not succeed: {done.stderr.strip()[-1000:]}")
        return {key(entry) for entry in polib.pofile(str(copy / "locale/fi/LC_MESSAGES/django.po"))}


def catalogue_problems(source: Path, wanted: set[Message]) -> Iterator[str]:
    if not source.exists():
        yield "the file is missing. Run: manage.py makemessages --all"
        return
    entries = polib.pofile(str(source))
    found = {key(entry) for entry in entries if not entry.obsolete}
    for _context, text, _plural in sorted(wanted - found):
        yield f"not in the catalogue: {text!r}. Run: manage.py makemessages --all"
    for entry in entries:
        shown = f"{entry.msgid!r} (line {entry.linenum})"
        translations = [entry.msgstr] if not entry.msgid_plural else list(entry.msgstr_plural.values())
        if entry.obsolete:
            yield f"left over: {shown}. Remove it."
        elif key(entry) not in wanted:
            yield f"no page uses it: {shown}. Remove it, or run: manage.py makemessages --all"
        elif entry.fuzzy:
            yield f"doubtful (fuzzy): {shown}. Read it and remove the mark."
        elif not all(translations) or not translations:
            yield f"not translated: {shown}"
        elif any(placeholders(text) - placeholders(entry.msgid + entry.msgid_plural) for text in translations):
            yield f"has a placeholder that the source has not: {shown}"
        elif not entry.msgid_plural and placeholders(entry.msgid) - placeholders(entry.msgstr):
            yield f"lacks a placeholder of the source: {shown}"


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))
