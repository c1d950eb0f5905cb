"""The forms of a rendered page with the places of their controls in its text, for `refill`."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

Attributes = dict[str, str | None]

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Control:
    """An input, a select or a textarea: its start tag stands at start:end of the page, a textarea's text at end:close."""

    kind: str
    attributes: Attributes
    start: int
    end: int
    close: int = 0
    options: list["Control"] = field(default_factory=list)
    folds: list["Control"] = field(default_factory=list)  # the <details> around it

    @property
    def name(self) -> str:
        return self.attributes.get("name") or ""

    @property
    def value(self) -> str:
        return self.attributes.get("value") or ""

    @property
    def type(self) -> str:
        return (self.attributes.get("type") or "text").lower() if self.kind == "input" else self.kind


@dataclass
class Form:
    attributes: Attributes
    end: int  # of its start tag
    controls: list[Control] = field(default_factory=list)

    def named(self, name: str) -> Control | None:
        return next((control for control in self.controls if control.name == name), None)

    @property
    def names(self) -> set[str]:
        return {control.name for control in self.controls if control.name}


class Page(HTMLParser):
    """The forms of a page, with the places of their controls in its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.html = html
        self.forms: list[Form] = []
        self.labels: dict[str, str] = {}
        self.elements: dict[str, tuple[int, int]] = {}  # id of each `…-empty` → where it stands
        self._lines = [0, *(match.end() for match in re.finditer("\n", html))]
        self._form: Form | None = None
        self._textarea: Control | None = None
        self._select: Control | None = None
        self._label: str | None = None
        self._folds: list[Control] = []
        self._empty: list[tuple[str, str, int, int]] = []  # (id, tag, start, depth) of those that are open
        self.feed(html)
        self.close()

    def _place(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._textarea is not None:
            return
        start = self._place()
        control = Control(tag, first_of_each(attrs), start, start + len(self.get_starttag_text() or ""))
        self._watch_empty(tag, control)
        if tag == "form" and (control.attributes.get("method") or "").lower() == "post":
            self._form = Form(control.attributes, control.end)
            self.forms.append(self._form)
        elif tag == "details":
            self._folds.append(control)
        elif tag == "label":
            self._label = control.attributes.get("for")
        elif tag == "option" and self._select is not None:
            self._select.options.append(control)
        elif tag in {"input", "select", "textarea", "button"}:
            control.folds = list(self._folds)
            if self._form is not None:
                self._form.controls.append(control)
            if tag == "select":
                self._select = control
            elif tag == "textarea":
                self._textarea = control

    def handle_endtag(self, tag: str) -> None:
        if self._textarea is not None:
            if tag == "textarea":
                self._textarea.close = self._place()
                self._textarea = None
            return
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "label":
            self._label = None
        elif tag == "details" and self._folds:
            self._folds.pop()
        self._end_empty(tag)

    def handle_data(self, data: str) -> None:
        if self._label and data.strip():
            self.labels[self._label] = f"{self.labels.get(self._label, '')} {data.strip()}".strip()

    def _watch_empty(self, tag: str, control: Control) -> None:
        ours = [(id_, its, start, depth + 1 if its == tag else depth) for id_, its, start, depth in self._empty]
        id_ = control.attributes.get("id") or ""
        if id_.endswith("-empty") and tag not in VOID:
            ours.append((id_, tag, control.start, 1))
        self._empty = ours

    def _end_empty(self, tag: str) -> None:
        still = []
        for id_, its, start, depth in self._empty:
            left = depth - 1 if its == tag else depth
            if left:
                still.append((id_, its, start, left))
            else:
                self.elements[id_] = (start, self.html.index(">", self._place()) + 1)
        self._empty = still


def first_of_each(attributes: list[tuple[str, str | None]]) -> Attributes:
    """As browsers read them: a second attribute of the same name counts for nothing."""
    found: Attributes = {}
    for name, value in attributes:
        found.setdefault(name, value)
    return found
