"""Puts what somebody had typed back into the form of a rendered page, without running anything of the form.

The page comes from a plain GET. Its text is left as it is but for the controls of one form, which get the typed
values. Rows of a formset are matched by their `id`, new ones get the page's spare rows and then copies of its empty
row (the element with id `<prefix>-empty`, as on the desk). What finds no place is told, never dropped.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urljoin, urlsplit

from .page_forms import Control, Form, Page

Typed = dict[str, list[str]]

TOKEN = "csrfmiddlewaretoken"  # noqa: S105
UNTOUCHED = {"file", "password", "submit", "button", "image", "reset"}
CHOICES = {"checkbox", "radio", "select"}
COUNTS = re.compile(r"(.+)-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS")
MOST_ROWS = 500


@dataclass
class Refilled:
    """The page with the form filled in.

    `place`: where the form's content begins. `homeless`: texts that found no place. `again`: labels of choices that
    are no longer offered. `labels`: of the controls, by name.
    """

    html: str
    place: int
    homeless: list[str]
    again: list[str]
    labels: dict[str, str]


def refill(html: str, address: str, typed: Typed) -> Refilled | None:
    """None when the page has no form that is posted to the address and has any of the typed fields."""
    page = Page(html)
    form = form_of(page, address, typed)
    if form is None:
        return None
    typed, counts, homeless = with_rows_matched(form, typed)
    html = with_more_rows(page, counts)
    if html != page.html:
        page = Page(html)
        form = form_of(page, address, typed)
        if form is None:
            return None
    filling = Filling(form, typed, counts)
    homeless += filling.homeless()
    ids = {control.name: control.attributes.get("id") or "" for control in form.controls}
    labels = {name: page.labels.get(id_, "") for name, id_ in ids.items()}
    again = [label for name in filling.not_offered() if (label := labels.get(name))]
    return Refilled(with_edits(html, filling.edits), filling.moved(form.end), homeless, again, labels)


def form_of(page: Page, address: str, typed: Typed) -> Form | None:
    """Of the forms that are posted to the address, the one that knows most of the typed fields."""
    ours = [form for form in page.forms if leads_to(form.attributes.get("action") or "", address)]
    wanted = {name for name in typed if name != TOKEN}
    known = [(len(wanted & form.names), form) for form in ours]
    count, best = max(known, key=lambda pair: pair[0], default=(0, None))
    return best if count else None


def leads_to(action: str, address: str) -> bool:
    try:
        return urlsplit(urljoin(address, action)).path == urlsplit(address).path
    except ValueError:
        return False


# Rows of formsets ---------------------------------------------------------------------------------------------------


def number(texts: list[str] | None) -> int:
    """A count as a form tells it; 0 for what is none."""
    text = texts[0] if texts else ""
    return min(int(text), MOST_ROWS) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def with_rows_matched(form: Form, typed: Typed) -> tuple[Typed, dict[str, int], list[str]]:
    """The typed fields under the names that their rows have on the page; how many rows each formset needs; what
    stood in rows that somebody has deleted meanwhile."""
    prefixes = {match[1] for name in form.names if (match := COUNTS.fullmatch(name)) and match[2] == "TOTAL"}
    counts: dict[str, int] = {}
    homeless: list[str] = []
    for prefix in sorted(prefixes, key=len, reverse=True):
        here = {name: [control.value] for control in form.controls if (name := control.name).startswith(f"{prefix}-")}
        total, old = number(here.get(f"{prefix}-TOTAL_FORMS")), number(here.get(f"{prefix}-INITIAL_FORMS"))
        places = {here[name][0]: row for row in range(old) if (name := f"{prefix}-{row}-id") in here}
        wanted = number(typed.get(f"{prefix}-TOTAL_FORMS"))
        spare = old
        moved: dict[int, int | None] = {}
        for row in range(wanted):
            key = (typed.get(f"{prefix}-{row}-id") or [""])[0]
            if key:
                moved[row] = places.get(key)
            elif row < number(typed.get(f"{prefix}-INITIAL_FORMS")) and not places:
                moved[row] = row if row < old else None
            else:
                moved[row] = spare
                spare += 1
        counts[prefix] = max(total, spare)
        typed, lost = with_rows_moved(prefix, typed, moved)
        homeless += lost
    return typed, counts, homeless


def with_rows_moved(prefix: str, typed: Typed, moved: Mapping[int, int | None]) -> tuple[Typed, list[str]]:
    pattern = re.compile(rf"{re.escape(prefix)}-(\d{{1,5}})-(.+)")
    kept: Typed = {}
    lost: list[str] = []
    for name, values in typed.items():
        match = pattern.fullmatch(name)
        if match is None:
            kept[name] = values
        elif (row := moved.get(int(match[1]))) is not None:
            kept[f"{prefix}-{row}-{match[2]}"] = values
        elif match[2] != "id":
            lost += [value for value in values if value.strip()]
    return kept, lost


def with_more_rows(page: Page, counts: dict[str, int]) -> str:
    """The page with copies of the empty rows where its own rows are too few. Without an empty row there are no more:
    `counts` is put right."""
    edits = []
    for prefix, wanted in list(counts.items()):
        form = next((form for form in page.forms if f"{prefix}-TOTAL_FORMS" in form.names), None)
        place = page.elements.get(f"{prefix}-empty")
        control = form.named(f"{prefix}-TOTAL_FORMS") if form else None
        have = number([control.value]) if control else 0
        if place is None or have >= wanted:
            counts[prefix] = have
            continue
        empty = (
            page.html[slice(*place)]
            .replace("empty-form", "")
            .replace(f'id="{prefix}-empty"', f'id="{prefix}-__prefix__"', 1)
        )
        edits.append(
            (place[0], place[0], "".join(empty.replace("__prefix__", str(row)) for row in range(have, wanted)))
        )
    return with_edits(page.html, edits)


# Controls -----------------------------------------------------------------------------------------------------------

Edit = tuple[int, int, str]


def with_edits(html: str, edits: list[Edit]) -> str:
    parts, at = [], 0
    for start, end, text in sorted(edits):
        parts += [html[at:start], text]
        at = end
    return "".join([*parts, html[at:]])


class Filling:
    """The edits that put typed values into the controls of a form."""

    def __init__(self, form: Form, typed: Typed, counts: Mapping[str, int]) -> None:
        self.form = form
        self.typed = typed
        self.counts = counts
        self.edits: list[Edit] = []
        self._left: dict[str, list[str]] = {name: list(values) for name, values in typed.items()}
        self._rows = {name.rpartition("-")[0] for name in typed if re.search(r"-\d+-[^-]+$", name)}
        self._opened: dict[int, Control] = {}
        for control in form.controls:
            if control.name and "disabled" not in control.attributes and control.type not in UNTOUCHED:
                self.fill(control)
        self.edits += [(fold.start, fold.end, tag_of(fold, open=None)) for fold in self._opened.values()]

    def moved(self, place: int) -> int:
        """Where a place of the page stands after the edits."""
        return place + sum(len(text) - (end - start) for start, end, text in self.edits if end <= place)

    def fill(self, control: Control) -> None:
        if control.name == TOKEN:
            return
        if COUNTS.fullmatch(control.name):
            prefix, _, count = control.name.rpartition("-")
            if count == "TOTAL_FORMS" and str(self.counts.get(prefix, "")) not in {"", control.value}:
                self.change(control, value=str(self.counts[prefix]))
        elif control.type in {"checkbox", "radio"}:
            self.tick(control)
        elif control.kind == "select":
            self.choose(control)
        elif values := self._left.get(control.name):
            value = values.pop(0)
            if control.kind == "textarea":
                self.write(control, value)
            elif value != control.value:
                self.change(control, value=value)

    def tick(self, control: Control) -> None:
        if not self.was_shown(control.name):
            return
        values = self._left.get(control.name, [])
        value = control.attributes.get("value")
        value = "on" if value is None else value
        ticked = value in values
        if ticked:
            values.remove(value)
        if ticked != ("checked" in control.attributes):
            self.change(control, checked=None if ticked else False)

    def choose(self, control: Control) -> None:
        if not self.was_shown(control.name):
            return
        values = self._left.get(control.name)
        if values is None and "multiple" not in control.attributes:
            return
        values = [] if values is None else values
        if (
            "multiple" not in control.attributes
            and values[:1]
            and values[0] not in {one.value for one in control.options}
        ):
            return  # no longer offered
        for option in control.options:
            chosen = option.value in values
            if chosen:
                values.remove(option.value)
            if chosen != ("selected" in option.attributes):
                self.edits.append((option.start, option.end, tag_of(option, selected=None if chosen else False)))
                self.unfold(control)

    def write(self, control: Control, value: str) -> None:
        # A browser drops the first line break of a textarea.
        self.edits.append((control.end, control.close, "\n" + escape(value)))
        if value:
            self.unfold(control)

    def change(self, control: Control, **attributes: Any) -> None:
        self.edits.append((control.start, control.end, tag_of(control, **attributes)))
        if control.type != "hidden":
            self.unfold(control)

    def unfold(self, control: Control) -> None:
        for fold in control.folds:
            if "open" not in fold.attributes:
                self._opened[fold.start] = fold

    def was_shown(self, name: str) -> bool:
        """An empty box is not sent: in a row that was not sent at all it says nothing."""
        row = re.fullmatch(r"(.+-\d+)-[^-]+", name)
        return row is None or row[1] in self._rows

    def homeless(self) -> list[str]:
        """Typed texts that no control took."""
        places = {control.name for control in self.form.controls if control.type in {*UNTOUCHED, *CHOICES, "hidden"}}
        return [
            value
            for name, values in self._left.items()
            if name not in places and name != TOKEN and not name.startswith("_") and not COUNTS.fullmatch(name)
            for value in values
            if value.strip()
        ]

    def not_offered(self) -> list[str]:
        """Names of the choices whose chosen value the page no longer has."""
        choices = [control.name for control in self.form.controls if control.type in CHOICES]
        return [name for name in dict.fromkeys(choices) if any(self._left.get(name, []))]


def tag_of(control: Control, **attributes: Any) -> str:
    """The start tag again with other attributes: None for one without a value, False to take it away."""
    changed: dict[str, Any] = {**control.attributes, **attributes}
    inside = "".join(told(name, value) for name, value in changed.items() if value is not False)
    return f"<{control.kind}{inside}>"


def told(name: str, value: str | None) -> str:
    return f" {name}" if value is None else f' {name}="{escape(value)}"'


def fields_of(query: Any) -> Typed:
    """A QueryDict or pairs as plain lists."""
    typed: Typed = defaultdict(list)
    pairs: Iterator[tuple[str, str]] = (
        ((name, value) for name, values in query.lists() for value in values)
        if hasattr(query, "lists")
        else iter(query)
    )
    for name, value in pairs:
        typed[name].append(value)
    return dict(typed)
