"""A service as the file says it: some keys of the file stand for several fields that belong together.

organisations → organisation, producers · types → main_type, further_types · access → six facts ·
confirmed → confirmed_at, confirmed_organisation, confirmed_title · texts, by language
"""

from typing import Any

from services.facts import ACCESS_FACTS

from .checking import check_keys, check_list, check_row, check_said
from .describing import essential
from .keys import Keys
from .kinds import Wrong, check_reference, wrong_type
from .problems import Spot, shortened
from .shapes import SERVICE, TEXT, Row

_TOGETHER = {
    "organisations": ("organisation", "producers"),
    "types": ("main_type", "further_types"),
    "access": tuple(fact.field for fact in ACCESS_FACTS),
    "confirmed": ("confirmed_at", "confirmed_organisation", "confirmed_title"),
}
_APART = {attr: key for key, attrs in _TOGETHER.items() for attr in attrs}
FILE_KEYS = tuple(dict.fromkeys(_APART.get(key, key) for key in SERVICE.keys))
ESSENTIALS = ("organisations", "summary", "how_to_get", "types")
LANGUAGES = [code for code, _label in TEXT.model._meta.get_field("language").choices]  # type: ignore[union-attr]
_COLUMNS = {column.key: column for column in SERVICE.columns}


def said_of_service(value: Any, spot: Spot, keys: Keys) -> Row | None:
    """What the record says, in the keys of SERVICE; `texts` stays a dictionary by language (None: to be removed)."""
    if not isinstance(value, dict):
        spot.wrong(str(wrong_type(value, "an object")))
        return None
    check_keys(value, spot, FILE_KEYS)
    plain = {key: one for key, one in value.items() if key in FILE_KEYS and key not in _TOGETHER and key != "texts"}
    said = check_said(SERVICE, plain, spot, keys, FILE_KEYS) or {}
    is_draft = "published_at" in value and value["published_at"] is None
    for key in ESSENTIALS:
        if key not in value and not is_draft:
            spot.wrong("is missing", key)
    for key, read in _READERS.items():
        if key in value:
            said |= read(value[key], spot.inside(key), keys)
    return said


def _read_first_and_rest(value: Any, spot: Spot, keys: Keys, first: str, rest: str) -> Row:
    """The first is the main one; in a draft it may be null."""
    found: list[str | None] = []
    target = _COLUMNS[first].kind.target  # type: ignore[attr-defined]
    for number, item in enumerate(check_list(value, spot, "a list of codes")):
        if number == 0 and item is None:
            found.append(None)
            continue
        try:
            code = check_reference(target, item, keys)
        except Wrong as wrong:
            spot.inside_item(number).wrong(str(wrong))
            continue
        if code in found:
            spot.inside_item(number).wrong(f"{shortened(code)} is there twice")
        found.append(code)
    return {first: found[0] if found else None, rest: sorted({code for code in found[1:] if code is not None})}


def _read_organisations(value: Any, spot: Spot, keys: Keys) -> Row:
    return _read_first_and_rest(value, spot, keys, "organisation", "producers")


def _read_types(value: Any, spot: Spot, keys: Keys) -> Row:
    return _read_first_and_rest(value, spot, keys, "main_type", "further_types")


def _read_access(value: Any, spot: Spot, keys: Keys) -> Row:
    """A list of what is so, or an object that also tells what is not; the rest is not known."""
    known: dict[str, Any]
    if isinstance(value, list):
        known = {code: True for code in value if isinstance(code, str)}
        for number, code in enumerate(value):
            if not isinstance(code, str):
                spot.inside_item(number).wrong(str(wrong_type(code, "text")))
    elif isinstance(value, dict):
        known = value
    else:
        spot.wrong(str(wrong_type(value, "a list of codes or an object")))
        return {}
    codes = [fact.code for fact in ACCESS_FACTS]
    for code, answer in known.items():
        if code not in codes:
            spot.wrong(f"{shortened(code)} is not one of {', '.join(codes)}")
        elif answer is not None and not isinstance(answer, bool):
            spot.wrong(str(wrong_type(answer, "true, false or null")), code)
    return {fact.field: known.get(fact.code) for fact in ACCESS_FACTS}


def _read_confirmed(value: Any, spot: Spot, keys: Keys) -> Row:
    at, organisation, title = _TOGETHER["confirmed"]
    if value is None:
        return {at: None, organisation: None, title: ""}
    if not isinstance(value, dict):
        spot.wrong(str(wrong_type(value, "an object or null")))
        return {}
    check_keys(value, spot, ("at", "organisation", "title"))
    read: Row = {organisation: None, title: ""}
    if value.get("at") is None:
        spot.wrong("is missing", "at")
    for key, attr in (("at", at), ("organisation", organisation), ("title", title)):
        if key in value:
            try:
                read[attr] = _COLUMNS[attr].kind.check(value[key], keys)
            except Wrong as wrong:
                spot.wrong(str(wrong), key)
    return read


def _read_texts(value: Any, spot: Spot, keys: Keys) -> Row:
    if not isinstance(value, dict):
        spot.wrong(str(wrong_type(value, "an object of languages")))
        return {}
    texts: dict[str, Row | None] = {}
    for language, text in value.items():
        inside = spot.inside(shortened(language) if language not in LANGUAGES else language)
        if language not in LANGUAGES:
            inside.wrong(f"is not one of {', '.join(LANGUAGES)}")
        elif text is None:
            texts[language] = None
        elif not isinstance(text, dict):
            inside.wrong(str(wrong_type(text, "an object or null")))
        else:
            if "language" in text:
                inside.wrong("is not a key of the format", "language")
            texts[language] = check_row(TEXT, text | {"language": language}, inside, keys)
    return {"texts": texts}


_READERS = {
    "organisations": _read_organisations,
    "types": _read_types,
    "access": _read_access,
    "confirmed": _read_confirmed,
    "texts": _read_texts,
}


def merged(said: Row, before: Row) -> Row:
    """The picture after the load: what is not said stays; a language that is not said stays too."""
    row = before | said
    if "texts" in said:
        texts = {text["language"]: text for text in before["texts"]} | said["texts"]
        row["texts"] = sorted((text for text in texts.values() if text), key=lambda text: text["language"])
    return row


def file_of_service(row: Row) -> dict[str, Any]:
    """The record as it is written; whether it is published is always said."""
    plain = essential(SERVICE, row)
    record: dict[str, Any] = {}
    for key in FILE_KEYS:
        if key == "published_at":
            record[key] = row[key]
        elif key in _WRITERS:
            if written := _WRITERS[key](row):
                record[key] = written
        elif key in plain:
            record[key] = plain[key]
    return record


def _write_first_and_rest(first: str | None, rest: list[str]) -> list[str | None]:
    others = [code for code in rest if code != first]
    return [first, *others] if first is not None or others else []


def _write_access(row: Row) -> Any:
    known = {fact.code: row[fact.field] for fact in ACCESS_FACTS if row[fact.field] is not None}
    return list(known) if all(known.values()) else known


def _write_confirmed(row: Row) -> Any:
    if row["confirmed_at"] is None:
        return None
    said = {"at": row["confirmed_at"], "organisation": row["confirmed_organisation"], "title": row["confirmed_title"]}
    return {key: value for key, value in said.items() if value}


def _write_texts(row: Row) -> Any:
    texts = {text["language"]: essential(TEXT, text) for text in row["texts"]}
    return {
        language: {key: value for key, value in text.items() if key != "language"} for language, text in texts.items()
    }


_WRITERS = {
    "organisations": lambda row: _write_first_and_rest(row["organisation"], row["producers"]),
    "types": lambda row: _write_first_and_rest(row["main_type"], row["further_types"]),
    "access": _write_access,
    "confirmed": _write_confirmed,
    "texts": _write_texts,
}
