"""Words of the vocabularies that a file brings along: terms of its own, competences told in place, languages."""

from typing import Any

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext, override

from services.models import Language

from .keys import Keys
from .shapes import COUNTY, MUNICIPALITY, ORGANISATION, SERVICE, TERMS

_ISO_639_1 = (  # all 183 codes
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es "
    "et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki "
    "kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no "
    "nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te "
    "tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
ISO_639_1 = frozenset(_ISO_639_1.split())


def gather(data: dict[str, Any], keys: Keys) -> dict[str, Any]:
    """The file's `terms`, with the competences and languages that its records bring along, as lists still to be checked."""
    terms = data.get("terms", {})
    if not isinstance(terms, dict):
        return {}
    gathered: dict[str, Any] = {name: list(rows) if isinstance(rows, list) else rows for name, rows in terms.items()}
    _add(gathered, "competences", _competences(data))
    _add(gathered, "languages", _languages(data, keys))
    return gathered


def _add(gathered: dict[str, Any], name: str, rows: list[dict[str, Any]]) -> None:
    told = gathered.setdefault(name, [])
    if isinstance(told, list):
        codes = {row.get("code") for row in told if isinstance(row, dict) and isinstance(row.get("code"), str)}
        told.extend(row for row in rows if row.get("code") not in codes)
        if not told:
            del gathered[name]


def _competences(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Objects among the organisations' competences, each once when it is told in the same words."""
    rows: list[dict[str, Any]] = []
    for item in _items(data, "organisations", "competences"):
        if isinstance(item, dict) and item not in rows:
            rows.append(item)
    return rows


def _languages(data: dict[str, Any], keys: Keys) -> list[dict[str, Any]]:
    """Languages of ISO 639-1 that the portal has no word for yet, under the names that Django knows."""
    codes = {item for item in _items(data, "services", "languages") if isinstance(item, str)}
    return [_language(code) for code in sorted(codes & ISO_639_1) if not keys.has(Language, code)]


def _language(code: str) -> dict[str, Any]:
    english = LANG_INFO.get(code, {}).get("name", code)
    names = {}
    for key, language in (("name", "fi"), ("name_sv", "sv"), ("name_en", "en")):
        with override(language):
            names[key] = gettext(english)
    return {"code": code, **names, "ptv_code": code}


def _items(data: dict[str, Any], section: str, key: str) -> list[Any]:
    records = data.get(section)
    lists = [record.get(key) for record in records if isinstance(record, dict)] if isinstance(records, list) else []
    return [item for found in lists if isinstance(found, list) for item in found]


def promise(data: dict[str, Any], terms: dict[str, Any], keys: Keys) -> None:
    """Let the checks know of every code and slug that the file itself is going to make."""
    for name, shape in TERMS.items():
        keys.promise(shape.model, _named(terms.get(name), "code"))
    for section, model, key in _SECTIONS:
        keys.promise(model, _named(data.get(section), key))


def _named(records: Any, key: str) -> list[str]:
    found = [record.get(key) for record in records if isinstance(record, dict)] if isinstance(records, list) else []
    return [name for name in found if isinstance(name, str)]


_SECTIONS = [
    ("counties", COUNTY.model, "code"),
    ("municipalities", MUNICIPALITY.model, "code"),
    ("organisations", ORGANISATION.model, "slug"),
    ("services", SERVICE.model, "slug"),
]
