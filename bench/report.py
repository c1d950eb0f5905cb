"""What a run found: a table for people, a JSON file for later runs, and a small chart."""

import json
from pathlib import Path
from typing import Any

from .pages import PAGES

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "bench"
BARS = {page.name: page for page in PAGES}


def table(result: dict[str, Any]) -> str:
    head = f"{'services':>8} {'clients':>7} {'page':15} {'':5}{'p50':>8}{'p95':>8}{'p99':>8} ms{'1/s':>8}{'queries':>9}{'bytes':>8}{'floors':>8}{'growth':>8}"
    lines = [head]
    for row in sorted(result["rows"], key=order):
        queries = row[f"queries_{row['way']}"]
        growth = growth_of(result, row)
        lines.append(
            f"{row['services']:>8} {row['clients']:>7} {row['page']:15} {row['way']:5}{row['p50']:>8.2f}{row['p95']:>8.2f}"
            f"{row['p99']:>8.2f}   {row['per_second']:>8.0f}{queries:>9}{row['bytes']:>8}{row['floors']:>8.2f}"
            f"{f'{growth:8.2f}' if growth else '':8} {judged(row, growth, result)}"
        )
    memory = result["memory"]
    steps = " → ".join(", ".join(f"{one:.0f}" for one in step) for step in memory["megabytes"])
    lines.append(
        f"Memory of the workers (PSS) with {memory['services']} services over {memory['requests']} requests: {steps} MB"
    )
    machine, words = result["machine"], result["dictionaries"]
    before, after = (" ".join(f"{one:.1f}" for one in machine[when]) for when in ("load_before", "load_after"))
    lines.append(f"{machine['cpus']} processors; load of the machine before {before}, after {after}")
    lines.append(
        f"Dictionaries, in one process: mapped in {words['seconds']:.2f} s, {words['megabytes_mapped']:.0f} MB then and"
        f" {words['megabytes_used']:.0f} MB after a thousand texts"
    )
    return "\n".join(lines)


def order(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["services"], row["clients"], row["way"] != "kept", list(BARS).index(row["page"])


def growth_of(result: dict[str, Any], row: dict[str, Any]) -> float:
    """Against the smallest size, in floors, so that a slow moment of the machine is not taken for growth."""
    smallest = min(one["services"] for one in result["rows"])
    if row["services"] == smallest or row["page"].startswith("floor"):
        return 0
    same = ("page", "way", "clients")
    small = next(
        (one for one in result["rows"] if one["services"] == smallest and all(one[key] == row[key] for key in same)),
        None,
    )
    return float(row["floors"] / small["floors"]) if small else 0


def judged(row: dict[str, Any], growth: float, result: dict[str, Any]) -> str:
    """What of the bar is missed; it counts for the largest size, one client, kept pages."""
    bar = BARS[row["page"]]
    largest = max(one["services"] for one in result["rows"])
    if (row["services"], row["clients"], row["way"]) != (largest, 1, "kept"):
        return ""
    missed = [
        words
        for words, over in (
            (f"over {bar.most:g} floors", row["floors"] > bar.most),
            (f"grows over {bar.growth:g}", bool(bar.growth) and growth > bar.growth),
            ("p99 over 4 × p50", row["p99"] > 4 * row["p50"]),
        )
        if over
    ]
    return "; ".join(missed) or "✓"


def write(result: dict[str, Any]) -> None:
    FOLDER.mkdir(exist_ok=True)
    ordered = {**result, "rows": sorted(result["rows"], key=order)}
    (FOLDER / "bench.json").write_text(json.dumps(ordered, indent=1) + "\n")


def draw(result: dict[str, Any]) -> None:
    """Median time in floors at the largest size, one client: kept, made anew, and the bar as a line."""
    largest = max(one["services"] for one in result["rows"])
    rows = {
        (row["page"], row["way"]): row for row in result["rows"] if row["services"] == largest and row["clients"] == 1
    }
    names = [page.name for page in PAGES if (page.name, "kept") in rows and not page.name.startswith("floor")]
    most = max([row["floors"] for row in rows.values()] + [5])
    scale, left, step = 420 / most, 130, 34
    parts = []
    for at, name in enumerate(names):
        top = 40 + at * step
        parts.append(f'<text x="{left - 8}" y="{top + 15}" text-anchor="end">{name}</text>')
        for way, colour, offset in (("kept", "#2f8064", 0), ("anew", "#9bb8ad", 12)):
            if row := rows.get((name, way)):
                width = max(row["floors"] * scale, 1)
                parts.append(f'<rect x="{left}" y="{top + offset}" width="{width:.1f}" height="10" fill="{colour}"/>')
                parts.append(
                    f'<text x="{left + width + 4:.1f}" y="{top + offset + 9}" font-size="9">{row["floors"]:.1f} ({row["p50"]:.1f} ms)</text>'
                )
        bar = left + BARS[name].most * scale
        parts.append(f'<path d="M{bar:.1f} {top - 3}v28" stroke="#8a1f11" stroke-width="2"/>')
    title = f"{largest} services, one client: median in floors; dark kept, light made anew, line the bar"
    height = 50 + step * len(names)
    (FOLDER / "bench.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 {height}" font-family="sans-serif" font-size="12">'
        f'<rect width="640" height="{height}" fill="#fff"/><text x="10" y="20">{title}</text>{"".join(parts)}</svg>\n'
    )
