"""Names, telephone numbers and addresses in running text: found, so that a person decides, and left out of what is public.

Finnish inflects names – Virta, Virran; Mäki, Mäen; Ammattilainen, Ammattilaisen – so a name is known by its stems.
"""

import html
import re
from collections.abc import Callable, Iterable
from functools import cache

from django.utils.translation import gettext as _

from network.models import User

from ..models import Meeting

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
PHONE = re.compile(r"(?<![\w.,/])(?:\+\s?\d{1,3}|0\d{1,3})(?:[\s\-–()/*_]*\d){4,12}(?!\w)")
LINK = re.compile(
    r"<?(?:https?|ftp|msteams|tel|mailto|sip):[^\s<>)\]]+>?|\bwww\.[^\s<>)\]]+|(?<![@\w])(?:[\w-]+\.)+[a-z]{2,}/[^\s<>)\]]*",
    re.I,
)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
MARKED_LINK = re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
LINK_TARGET = re.compile(r"^ {0,3}\[[^\]]+\]:.*$", re.M)
LONGEST_ENDING = 5

_WEAK = {
    "kk": "k", "pp": "p", "tt": "t", "nk": "ng", "nt": "nn", "mp": "mm", "lt": "ll", "rt": "rr", "ht": "hd", "t": "d", "p": "v", "k": "",
}  # fmt: skip


@cache
def stems(name: str) -> frozenset[str]:
    """How the inflected forms of one word of a name may begin, in lower case."""
    word = name.casefold()
    found = {word}
    if word.endswith("nen"):
        return frozenset({word, word[:-3] + "s"})
    if word.endswith("s"):
        found |= {word[:-1] + "ks", word[:-1] + "h"}
    vowel = re.search(r"[aeiouyäöå]$", word)
    if vowel and len(word) > 3:
        bodies = {word[:-1]}
        for strong, weak in _WEAK.items():
            if word[:-1].endswith(strong):
                bodies.add(word[: -1 - len(strong)] + weak)
                break
        found |= {body + end for body in bodies for end in {vowel[0], *("e" if vowel[0] == "i" else "")}}
        found |= {body + "o" for body in bodies if vowel[0] == "a"} if len(word) > 5 else set()
    return frozenset(stem for stem in found if len(stem) > 2 or stem == word)


def is_form(word: str, name: str) -> bool:
    folded = word.casefold()
    return any(folded.startswith(stem) and len(folded) - len(stem) <= LONGEST_ENDING for stem in stems(name))


def parts(name: str) -> tuple[str, ...]:
    """The words of a name, without titles and what stands in brackets."""
    return tuple(part for part in WORD.findall(re.sub(r"\([^)]*\)", " ", name)) if len(part) > 1)


class People:
    """Whose names are looked for: `near` by each word of the name, `far` only where two of them stand together."""

    def __init__(self, near: Iterable[str], far: Iterable[str] = ()) -> None:
        self.single = sorted({part for name in near for part in parts(name) if len(part) > 2})
        pairs = {parts(name) for name in [*near, *far]}
        self.pairs: dict[str, set[tuple[str, str]]] = {}
        for words in pairs:
            if len(words) > 1:
                first, last = words[0], words[-1]
                for one, other in ((first, last), (last, first)):
                    self.pairs.setdefault(one[:2].casefold(), set()).add((one, other))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where names stand in the text, in order, without overlaps."""
        words = list(WORD.finditer(text))
        found: list[tuple[int, int]] = []
        at = 0
        while at < len(words):
            word = words[at]
            following = words[at + 1] if at + 1 < len(words) else None
            if following and self._is_pair(word[0], following[0]) and len(text[word.end() : following.start()]) <= 4:
                found.append((word.start(), following.end()))
                at += 2
                continue
            if word[0][0].isupper() and any(is_form(word[0], name) for name in self.single):
                found.append((word.start(), word.end()))
            at += 1
        return found

    def _is_pair(self, one: str, other: str) -> bool:
        pairs = self.pairs.get(one[:2].casefold(), ())
        return any(is_form(one, first) and is_form(other, last) for first, last in pairs)


def people_of(meeting: Meeting) -> People:
    """Those who had to do with the meeting, and everybody with an account. A guest who let the name be published is not."""
    guests = list(meeting.guests.all())
    free = {parts(guest.name) for guest in guests if guest.name_may_be_published}
    near = [guest.name for guest in guests]
    near += [row.shown_name for row in meeting.participations.select_related("person")]
    near += [person.name for person in meeting.organisers.all()]
    near += meeting.tables.values_list("host", flat=True)
    near += meeting.items.values_list("presenter", flat=True)
    for action in meeting.actions.select_related("owner"):
        near += [action.owner_name, action.owner.name if action.owner else ""]
    near = [
        name for name in near if name and "@" not in name and parts(name) not in free and not _is_a_body(name, meeting)
    ]
    far = [name for name in User.objects.exclude(name="").values_list("name", flat=True) if parts(name) not in free]
    return People(near, far)


def _is_a_body(name: str, meeting: Meeting) -> bool:
    """Whether it is an organisation that presents or does something, not a person."""
    return name.casefold() in {body.casefold() for body in bodies_of(meeting)}


def bodies_of(meeting: Meeting) -> set[str]:
    known: set[str] | None = meeting.__dict__.get("_bodies")
    if known is None:
        rows = meeting.participations.values_list("organisation__name", "organisation_name")
        known = {name for row in rows for name in row if name} | {guest.organisation for guest in meeting.guests.all()}
        known |= set(meeting.items.exclude(organisation=None).values_list("organisation__name", flat=True))
        meeting.__dict__["_bodies"] = known
    return known


def found_in(text: str, people: People) -> tuple[list[str], list[str]]:
    """(names, telephone numbers and addresses) as they stand in the text, each once."""
    text = html.unescape(text)
    names = dict.fromkeys(text[start:end] for start, end in people.spans(text))
    others = dict.fromkeys(match[0].strip() for rule in (PHONE, EMAIL, LINK) for match in rule.finditer(text))
    return list(names), list(others)


def cleaned(text: str, people: People) -> str:
    """The text as everybody may read it: a word in brackets stands for each name, number and address."""
    text = html.unescape(text)
    text = LINK_TARGET.sub("", text)
    text = MARKED_LINK.sub(r"\1", text)
    for rule, instead in (
        (LINK, _("(link left out)")),
        (EMAIL, _("(address left out)")),
        (PHONE, _("(number left out)")),
    ):
        text = rule.sub(_instead(instead), text)
    pieces, end = [], 0
    for start, stop in people.spans(text):
        pieces += [text[end:start], _("(name left out)")]
        end = stop
    return "".join([*pieces, text[end:]])


def _instead(word: str) -> Callable[[re.Match[str]], str]:
    return lambda match: word
