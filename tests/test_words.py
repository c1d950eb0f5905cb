"""One installation serves one network: its name and region stand in data and settings, never in code."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODE = [
    path
    for folder in ("config", "network", "services", "meetings", "experts", "templates", "locale", "static/css")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".html", ".txt", ".po", ".css", ".js"}
]


def region_words() -> list[str]:
    """Names of the municipalities that the reference data has, by their stems, and of their county."""
    facts = json.loads((ROOT / "network/data/reference.json").read_text(encoding="utf-8"))
    names = [place["name"] for place in facts["municipalities"]]
    county = {place["county"] for place in facts["municipalities"]}
    names += [row["name"].split()[0].removesuffix("n") for row in facts["wellbeing_counties"] if row["code"] in county]
    return [name[:-1] for name in names]


def test_no_word_of_one_region_stands_in_code():
    words = re.compile("|".join(region_words()), re.IGNORECASE)
    found = {str(path.relative_to(ROOT)): words.findall(path.read_text(encoding="utf-8")) for path in CODE}
    assert {path: named for path, named in found.items() if named} == {}
