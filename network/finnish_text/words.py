"""From running text to the words of the index: base forms, parts of compounds, words behind derived ones."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product

from . import dictionary
from .derived import behind

TOKEN = re.compile(r"[^\W_]+(?:[-‐‑'’][^\W_]+)*-?")
LONGEST = 60  # letters; nothing longer is a word
HEADS = frozenset({"työ", "apu", "yö", "koe", "olo", "ero", "osa", "puu", "suu", "tie", "uni", "syy", "isä"})
NO_HEADS = frozenset({"lainen", "läinen", "mainen", "moinen", "ton", "tön", "inen", "nen", "lla", "sta", "kin"})
NO_PARTS = frozenset({"alko", "holi", "kas", "vain", "joka", "tämä", "sama", "ette", "että", "kuin", "siis", "holin"})
# Words that name things of this field, and that no dictionary has.
OWN_WORDS = frozenset(
    [
        "miepä",
        "teini",
        "subutex",
        "suboxone",
        "buvidal",
        "subu",
        "bentso",
        "pami",
        "naloksoni",
        "nuuska",
        "vape",
        "somettaminen",
        "digi",
        "netti",
        "huume",
        "päihde",
        "klinikka",
        "poliklinikka",
        "kioski",
        "chat",
        "sote",
        "video",
        "etä",
        "avo",
        "opioidi",
        "riippuvuus",
        "katkaisu",
        "vieroitus",
        "korvaus",
    ]
)
# Forms that the dictionary takes for forms of other words, which nobody means here.
MISREAD = {
    "kodissa": "koti",
    "kodista": "koti",
    "avun": "apu",
    "avusta": "apu",
    "miehestä": "mies",
    "neuloja": "neula",
    "katkon": "katko",
    "katkoa": "katko",
    "psykoosi": "psykoosi",
    "psykoosin": "psykoosi",
    "psykoosia": "psykoosi",
    "tuet": "tuki",
    "öitä": "yö",
}
POSSESSIVE = ("ni", "si", "mme", "nne", "nsa", "nsä")
CLITICS = ("kaan", "kään", "kin", "han", "hän", "ko", "kö", "pa", "pä")
ENDINGS = (
    "issa", "issä", "ista", "istä", "illa", "illä", "ilta", "iltä", "ille", "iksi", "ssa", "ssä", "sta", "stä",
    "lla", "llä", "lta", "ltä", "lle", "ksi", "jen", "ien", "iin", "ita", "itä", "ia", "iä", "ja", "jä", "ta", "tä",
    "na", "nä", "in", "an", "än", "en", "on", "ön", "un", "yn", "et", "it", "at", "ät", "ut", "n", "t", "a", "ä", "i",
    "e", "o", "u", "y", "ö",
)  # fmt: skip


@dataclass(frozen=True)
class Word:
    """One word of a text. `base` is what it is indexed as; `others` are further base forms that mean the same;
    `parts` are those of a compound, each in its base form; `known` tells whether a dictionary has it."""

    form: str
    base: str
    others: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    known: bool = True
    whole: bool = True  # False: only its parts are known, put together as no dictionary has them

    @cached_property
    def all(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.base, *self.others, *self.parts)))


def normalised(text: str) -> str:
    """One form of the same letters: composed, lower case, plain hyphens and apostrophes, no invisible marks."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = text.translate(INVISIBLE)
    return unicodedata.normalize("NFC", text)


INVISIBLE = {
    **dict.fromkeys([0, 0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF]),
    **dict.fromkeys([0x2010, 0x2011, 0x2012, 0x2013, 0x2212], "-"),
    **dict.fromkeys([0x2019, 0x02BC], "'"),
}


def tokens(text: str) -> list[str]:
    """Words of the text in order; a hyphenated one stays whole."""
    return [token[:LONGEST] for token in TOKEN.findall(normalised(text))]


def words_of(text: str, language: str = "fi") -> list[Word]:
    """The words of a text in order. A hyphenated one is one word, whose parts are what stands between the hyphens."""
    return [
        _hyphenated(token, language) if "-" in token[:-1] else word_of(token.rstrip("-"), language)
        for token in tokens(text)
    ]


def words_apart(token: str, language: str = "fi") -> list[list[Word]]:
    """One token for an index: the words that stand in each of its places.

    What is between hyphens stands in places of its own, so that “AA ryhmä” finds “AA-ryhmä”.
    """
    pieces = token.rstrip("-").split("-")
    places = [[word_of(piece, language)] for piece in pieces]
    if len(pieces) > 1:
        whole = _hyphenated(token, language)
        places[0].append(Word(whole.form, whole.base))
        places[0] += [_hyphenated("-".join(pieces[:upto]), language) for upto in range(2, len(pieces))]
        places = [[*here, Word(piece, piece)] for here, piece in zip(places, pieces, strict=True)]
    return places


def _hyphenated(token: str, language: str) -> Word:
    *first, last = token.rstrip("-").split("-")
    pieces = [word_of(piece, language) for piece in (*first, last)]
    parts = tuple(dict.fromkeys(word for piece in pieces for word in piece.all if len(word) > 1))
    joined = "".join(first)
    return Word(joined + last, joined + pieces[-1].base, parts=parts, known=all(piece.known for piece in pieces))


@lru_cache(maxsize=60_000)
def word_of(form: str, language: str = "fi") -> Word:
    """What one word of letters is; the answer is kept, since texts repeat their words."""
    if any(letter.isdigit() for letter in form) or len(form) < 2:
        return Word(form, form)
    if language != "fi":
        base = dictionary.base_form(form, language)
        return Word(form, base or form, others=(form,) if base and base != form else (), known=bool(base))
    return _finnish(form) or _foreign(form) or Word(form, form, others=(stem(form),), known=False)


def _foreign(form: str) -> Word | None:
    for language in ("sv", "en"):
        if base := dictionary.base_form(form, language):
            return Word(form, base, others=tuple({form, stem(form)} - {base}), known=True)
    return None


def _finnish(form: str) -> Word | None:
    base = base_of(form)
    if base:
        others = tuple(dict.fromkeys(other for other in behind(form, base) if other != base))
        return Word(form, base, others=others, parts=parts_of(base))
    split = _split_unknown(form)
    if split:
        modifiers, head = split
        head_base = base_of(head)
        inner = tuple(part for piece in modifiers for part in (parts_of(piece) or (piece,)))
        parts = (*inner, head_base, *parts_of(head_base), *behind(head, head_base))
        glue = form[: len(form) - len(head)]
        return Word(form, glue + head_base, parts=tuple(dict.fromkeys(parts)), whole=False)
    return None


@lru_cache(maxsize=60_000)
def base_of(form: str) -> str:
    """The Finnish base form; endings that the dictionary does not take off, as in *vaimoni*, are taken off here."""
    if form in OWN_WORDS:
        return form
    if form in MISREAD:
        return MISREAD[form]
    base = dictionary.base_form(form)
    if (not base or base == form) and len(form) > 4:
        for ending in POSSESSIVE:
            if form.endswith(ending) and len(form) - len(ending) >= 3:
                rest = form[: -len(ending)]
                for whole in (rest, rest + "n", rest + "t"):
                    if (found := dictionary.base_form(whole)) and found != whole + ending and len(found) > 2:
                        return found
    if not base and len(form) > 5:
        for clitic in CLITICS:
            if form.endswith(clitic) and (found := dictionary.base_form(form[: -len(clitic)])):
                return found
    return base


@lru_cache(maxsize=60_000)
def parts_of(base: str) -> tuple[str, ...]:
    """Parts of a base form that is a compound, each in its base form; nothing when it is none."""
    if len(base) < 7 or not base.isalpha():
        return ()
    best: tuple[int, tuple[str, ...]] | None = None
    for cut in range(3, len(base) - 2):
        first, head = base[:cut], base[cut:]
        if not _is_head(head) or not (modifier := _modifier(first)):
            continue
        found = (*(parts_of(modifier) or (modifier,)), *(parts_of(head) or (head,)))
        if best is None or len(found) <= best[0]:
            best = (len(found), found)
    return best[1] if best else ()


def _is_head(word: str) -> bool:
    if word in NO_HEADS or word in NO_PARTS or len(word) < 3 or (len(word) == 3 and word not in HEADS):
        return False
    return dictionary.base_form(word) == word or word in OWN_WORDS


@lru_cache(maxsize=60_000)
def _modifier(first: str) -> str:
    """The base form of what may stand first in a compound: a base form, a genitive, or a stem such as *vertais-*."""
    if first in NO_PARTS or len(first) < 3:
        return ""
    if first in OWN_WORDS:
        return first
    if first.endswith("s") and len(first) > 4:
        whole = first[:-1] + "nen"
        if dictionary.base_form(whole) == whole:
            return whole
    base = dictionary.base_form(first)
    if base == first:
        return base if len(base) > 3 or base in HEADS or base in ("etä", "avo") else ""
    if base and first.endswith("n") and len(first) > 4 and base[0] == first[0]:
        return base
    return ""


def _split_unknown(form: str) -> tuple[list[str], str] | None:
    """Modifiers and the inflected head of a compound that no dictionary has: few parts first, then the longest head."""
    best: tuple[int, list[str], str] | None = None
    for cut in range(3, len(form) - 2):
        first, head = form[:cut], form[cut:]
        head_base = base_of(head)
        if not head_base or len(head) < 3 or not _is_head(head_base):
            continue
        modifiers = _modifiers(first)
        if modifiers and (best is None or len(modifiers) < best[0]):
            best = (len(modifiers), modifiers, head)
    return (best[1], best[2]) if best else None


def _modifiers(text: str, depth: int = 3) -> list[str]:
    if whole := _modifier(text):
        return [whole]
    if depth > 1:
        for cut in range(len(text) - 3, 2, -1):
            if (first := _modifier(text[:cut])) and (rest := _modifiers(text[cut:], depth - 1)):
                return [first, *rest]
    return []


def stem(form: str) -> str:
    """What is left of an unknown word when its ending is taken off: *bentsot*, *bentsoja* – *~bents*."""
    for ending in ENDINGS:
        if form.endswith(ending) and len(form) - len(ending) >= 3:
            rest = form[: -len(ending)]
            while len(rest) > 3 and rest[-1] in "aeiouyäöå":
                rest = rest[:-1]
            return "~" + rest
    return "~" + form


UMLAUTS = {"a": "aä", "o": "oö"}


def restored(form: str) -> str:
    """The word with its missing umlauts, when that makes a word: *paihdeklinikka* – *päihdeklinikka*; else nothing."""
    letters = [UMLAUTS.get(letter, letter) for letter in form]
    doubtful = sum(len(letter) > 1 for letter in letters)
    if not 0 < doubtful <= 8 or len(form) > 30 or any(letter in "äöå" for letter in form):
        return ""
    candidates = ["".join(letter) for letter in product(*letters)][1:]
    for candidate in candidates:
        if base_of(candidate):
            return candidate
    return next((candidate for candidate in candidates if _finnish(candidate)), "")
