"""The guided search: for whom – for what – where and how. Each step is a plain page whose address holds the answers."""

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from .filters import Group, ServiceFilter, query_string

# Step → the filters it asks for.
ASKED = {
    "who": ("audience",),
    "what": ("addiction", "type"),
    "how": ("municipality", "stage", "access", "language"),
}
STEPS = list(ASKED)
ADDRESSES = {"who": "services:guided", "what": "services:guided_what", "how": "services:guided_how"}


class Guide:
    """One step of the search, with what has been answered so far."""

    def __init__(self, step: str, asked: ServiceFilter) -> None:
        self.step, self.asked = step, asked
        self.number = STEPS.index(step) + 1

    @property
    def most(self) -> int:
        return len(STEPS)

    @property
    def question(self) -> str:
        return {"who": _("Who needs help?"), "what": _("What with?"), "how": _("Where and how?")}[self.step]

    @property
    def hint(self) -> str:
        return {
            "who": _("Choose one or more. If none fits, go on without choosing."),
            "what": _("Choose what it is about, or the kind of help you want. You may skip this."),
            "how": _("Choose what matters to you. The rest of the list can be narrowed later too."),
        }[self.step]

    @property
    def is_last(self) -> bool:
        return self.step == STEPS[-1]

    @property
    def next_address(self) -> str:
        return reverse("services:list" if self.is_last else ADDRESSES[STEPS[self.number]])

    @property
    def back_url(self) -> str:
        """The step before with its answers; nothing on the first."""
        if self.number == 1:
            return ""
        return reverse(ADDRESSES[STEPS[self.number - 2]]) + query_string(self.asked.data)

    @property
    def skip_url(self) -> str:
        """On without an answer to this step."""
        kept = [pair for pair in self.answers if pair[0] not in ASKED[self.step]]
        return self.next_address + (f"?{urlencode(kept)}" if kept else "")

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Valid answers of all steps, as they stand in an address."""
        chosen = self.asked.chosen
        pairs: list[tuple[str, str]] = []
        for name in (name for names in ASKED.values() for name in names):
            value = chosen.get(name) or []
            pairs += [(name, one) for one in (value if isinstance(value, list) else [value])]
        return pairs

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the form of this step carries along from the others."""
        return [pair for pair in self.answers if pair[0] not in ASKED[self.step]]

    @property
    def groups(self) -> list[Group]:
        """Short questions: an answer that would show nothing is not offered."""
        groups = [self.asked.group(name) for name in ASKED[self.step] if name != "municipality"]
        offered = [group._replace(boxes=[box for box in group.boxes if not box.is_nothing]) for group in groups]
        return [group for group in offered if group.boxes]

    @property
    def place(self) -> Any:
        return self.asked.form["municipality"] if self.step == "how" else None

    @property
    def said(self) -> list[StrOrPromise]:
        """The answers of the other steps in words."""
        return [chip.label for chip in self.asked.chips()]
