"""Charts that the server draws: SVG with a title and a description, no script and no style of its own.

Colours come from the look's classes, and every number stands beside its bar: nothing is told by colour or length alone.
"""

from collections.abc import Sequence
from itertools import count

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_ids = count(1)
ROW, BAR, GAP, LABEL, WIDTH, NUMBER = 46, 16, 6, 18, 360, 44


def bars(title: str, description: str, rows: Sequence[tuple[str, int | None]], *, hidden: str = "–") -> SafeString:
    """A horizontal bar for each row, its label above it; a number that is not shown has no bar."""
    most = max((number or 0 for _label, number in rows), default=0) or 1
    room = WIDTH - NUMBER
    drawn = format_html_join(
        "",
        '<text x="0" y="{}" class="chart-label">{}</text>'
        '<rect x="0" y="{}" width="{}" height="{}" rx="3" class="chart-bar"></rect>'
        '<text x="{}" y="{}" class="chart-number">{}</text>',
        (
            (
                at * ROW + LABEL - 4, label, at * ROW + LABEL + 2, round(room * (number or 0) / most, 1), BAR,
                round(room * (number or 0) / most, 1) + GAP, at * ROW + LABEL + BAR - 1, hidden if number is None else number,
            )
            for at, (label, number) in enumerate(rows)
        ),
    )  # fmt: skip
    name = f"chart-{next(_ids)}"
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-t {}-d"><title id="{}-t">{}</title>'
        '<desc id="{}-d">{}</desc>{}</svg>',
        WIDTH, max(len(rows), 1) * ROW, name, name, name, title, name, description, drawn,
    )  # fmt: skip
