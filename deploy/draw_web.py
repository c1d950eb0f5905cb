"""Draws the portal's spider's web: the mark, its favicon and the band of the front page. Run by hand, seldom.

    python deploy/draw_web.py

(`static/touch-icon.png` is the favicon on a square ground, as a browser draws it at 180 × 180.)

One thread is pulled. It is drawn taut, in the colour that glows, with a bead at its end; the strands tied to it give
way towards the bead, and its nearest neighbours are drawn as a plucked string is seen: two mirrored bows that meet
at the ends and grow flatter the further the thread is from the pulled one. Nothing here moves.
"""

import math
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
Point = tuple[float, float]


def at(hub: Point, degrees: float, radius: float) -> Point:
    angle = math.radians(degrees)
    return hub[0] + radius * math.cos(angle), hub[1] + radius * math.sin(angle)


def number(value: float, digits: int) -> str:
    text = f"{round(value, digits):.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits else text


def path(steps: list[tuple[str, *tuple[Point, ...]]], digits: int) -> str:
    """SVG path data with relative, rounded coordinates; the rounding does not add up along the path."""
    out, here = [], (0.0, 0.0)
    for command, *points in steps:
        data = ""
        for point in points:
            for value in (point[0] - here[0], point[1] - here[1]):
                text = number(value, digits)
                text = "0" if text == "-0" else text
                data += text if text.startswith("-") or not data else f" {text}"
        out.append((command.upper() if not out else command.lower()) + data)
        end = points[-1]
        here = (round(end[0], digits), round(end[1], digits))
    return "".join(out)


def strand(hub: Point, a: tuple[float, float], b: tuple[float, float], sag: float) -> tuple[str, Point, Point]:
    """A catching strand between two (degrees, radius) knots, hanging towards the hub by `sag` of its radius."""
    middle, radius = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
    return ("q", at(hub, middle, radius * (1 - sag)), at(hub, *b))


def mark(
    strand_radii: tuple[float, ...] = (6.2, 11.2), stroke: float = 1.4, count: int = 7, bead_radius: float = 3.2
) -> str:
    """The mark's inner SVG on a 32 × 32 ground: threads, strands, and one thread pulled to its bead."""
    hub, pulled = (14.6, 17.0), -38.0
    angles = [pulled + i * 360 / count for i in range(count)]
    reach = 14.0
    ends = [reach if i else 17.2 for i in range(count)]
    threads: list = []
    for degrees, end in zip(angles, ends, strict=True):
        threads += [("m", hub), ("l", at(hub, degrees, end - (0 if degrees != pulled else 3.0)))]
    strands: list = []
    for base in strand_radii:
        give = 1.3 + base * 0.12
        knots = [
            (degrees, base + (give if i == 0 else give * 0.25 if i in {1, count - 1} else 0))
            for i, degrees in enumerate(angles)
        ]
        strands.append(("m", at(hub, *knots[0])))
        for here, there in zip(knots, [*knots[1:], (knots[0][0] + 360, knots[0][1])], strict=True):
            strands.append(strand(hub, here, there, 0.22))
    bead = at(hub, pulled, ends[0])
    line = (
        '<path d="{}" fill="none" stroke="currentColor" stroke-width="{}" stroke-linecap="round"'
        ' stroke-linejoin="round"/>'
    )
    x, y = (number(value, 1) for value in bead)
    circle = f'<circle class="bead" cx="{x}" cy="{y}" r="{bead_radius}" fill="currentColor"/>'
    return line.format(path(threads + strands, 1), stroke) + circle


def hero() -> str:
    """The band's web on a 900 × 480 ground; the hub sits right of the middle, the pulled thread comes from the left."""
    hub, pulled = (610.0, 196.0), 171.5
    gaps = [19, 22, 20, 24, 21, 25, 20, 23, 22, 24, 21, 22, 24, 23, 25, 25]
    total = sum(gaps)
    angles = [pulled]
    for gap in gaps[:-1]:
        angles.append(angles[-1] + gap * 360 / total)
    far = 760.0

    def away(i: int) -> int:
        return min(i, len(angles) - i)

    plain: list = []
    trembling: dict[int, list] = {1: [], 2: [], 3: []}
    for i, degrees in enumerate(angles):
        if i == 0:
            continue
        end = at(hub, degrees, far)
        if away(i) <= 3:
            width = {1: 1.15, 2: 0.62, 3: 0.28}[away(i)]
            for side in (-1, 1):
                trembling[away(i)] += [("m", hub), ("q", at(hub, degrees + side * width * 2, far * 0.5), end)]
        else:
            plain += [("m", hub), ("l", end)]

    strands: list = []
    radius, step = 26.0, 15.0
    while radius < 700:
        knots = []
        for i, degrees in enumerate(angles):
            give = {0: 0.16, 1: 0.05, 2: 0.015}.get(away(i), 0.0)
            knots.append((degrees, radius * (1 + give) * (1 + 0.018 * math.sin(7.3 * i + radius))))
        strands.append(("m", at(hub, *knots[0])))
        for here, there in zip(knots, [*knots[1:], (knots[0][0] + 360, knots[0][1])], strict=True):
            strands.append(strand(hub, here, there, 0.105))
        radius += step
        step *= 1.16
    bead = at(hub, pulled, 118)
    thread = [("m", hub), ("l", at(hub, pulled, far))]
    lines = [
        ("web", 1.2, plain),
        ("web", 1, strands),
        ("near", 1.1, trembling[1]),
        ("near", 0.9, trembling[2]),
        ("web", 0.8, trembling[3]),
        ("pulled", 1.8, thread),
    ]
    drawn = "".join(
        f'<path class="{name}" d="{path(steps, 0)}" stroke-width="{width}"/>' for name, width, steps in lines
    )
    return drawn + f'<circle class="bead" cx="{number(bead[0], 0)}" cy="{number(bead[1], 0)}" r="6"/>'


def picture(inner: str, *, colour: str, ground: str = "") -> str:
    """The mark as a file of its own: in one colour with its cloudberry bead, on a rounded ground when one is given."""
    inner = inner.replace('class="bead" ', "").replace('fill="currentColor"', 'fill="#f0a53a"')
    if ground:
        inner = f'<g transform="translate(3 2.4) scale(.82)">{inner}</g>'
        inner = f'<rect width="32" height="32" rx="7" fill="{ground}"/>{inner}'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" color="{colour}">{inner}</svg>'


def write(target: str, text: str) -> None:
    (ROOT / target).write_text(text + "\n")


if __name__ == "__main__":
    inner = mark()
    write("static/mark.svg", picture(inner, colour="#2f8064"))
    # Small and on any ground: fewer and thicker lines in the light of the header's band.
    small = mark(strand_radii=(10.6,), stroke=2, count=7, bead_radius=4)
    write("static/favicon.svg", picture(small, colour="#f2f8f4", ground="#10332a"))
    write(
        "templates/components/mark.html",
        "{% comment %}The web mark, drawn by deploy/draw_web.py. Variables: mark_class (more classes, optional)."
        "{% endcomment %}"
        '<svg class="web-mark{% if mark_class %} {{ mark_class }}{% endif %}" viewBox="0 0 32 32" aria-hidden="true"'
        f' focusable="false">{inner}</svg>',
    )
    write(
        "templates/components/hero_web.html",
        "{% comment %}The web behind the front page's band, drawn by deploy/draw_web.py. No variables."
        "{% endcomment %}"
        '<svg class="hero-web" viewBox="0 0 900 480" preserveAspectRatio="xMaxYMin slice" fill="none"'
        f' aria-hidden="true" focusable="false">{hero()}</svg>',
    )
