"""Promises of the look that can be measured without a browser or a database."""

import re
from datetime import date
from pathlib import Path

import brotli
import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from network.templatetags import look

ROOT = Path(__file__).resolve().parent.parent.parent
STATIC = ROOT / "static"
TEMPLATES = ROOT / "templates"
BOOTSTRAP = next(STATIC.glob("vendor/bootstrap-*-nodata.min.css"))
OUR_CSS = [STATIC / "css/tokens.css", STATIC / "css/site.css"]


def test_only_preformatted_text_keeps_its_line_breaks():
    """A class that pages are built of would show every line break of their templates."""
    css = "".join(path.read_text() for path in OUR_CSS)
    kept = re.findall(r"([^{}]+)\{[^{}]*white-space: (?:pre|break)", css)
    assert {part.strip().split(".")[0] for rule in kept for part in rule.split(",")} <= {"pre", "code", "textarea"}


# --- colour -------------------------------------------------------------------------------------------------------


def schemes() -> dict[str, dict[str, str]]:
    """The colours of tokens.css by scheme and role."""
    light, rest = (STATIC / "css/tokens.css").read_text().split("@media (prefers-color-scheme: dark)")
    dark = rest.split("@media (min-width")[0]

    def colours(css: str) -> dict[str, str]:
        return dict(re.findall(r"--c-([\w-]+): (#[0-9a-f]{6})", css))

    return {"light": colours(light), "dark": {**colours(light), **colours(dark)}}


def luminance(colour: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def mixed(front: str, back: str, share: float) -> str:
    """`front` laid over `back` with the given opacity."""
    parts = ((int(front[i : i + 2], 16), int(back[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in parts)


TEXT, BODY_TEXT, SIGN = 4.5, 7.0, 3.0  # AA for text, AAA for what is read at length, AA for edges and signs
PAIRS = [
    *((ink, ground, BODY_TEXT) for ink in ("text",) for ground in ("bg", "surface", "sunk", "glow-soft")),
    *((ink, ground, TEXT) for ink in ("muted", "link", "link-hover") for ground in ("bg", "surface", "sunk")),
    *(("visited", ground, TEXT) for ground in ("bg", "surface", "sunk", "glow-soft")),
    ("link", "glow-soft", TEXT),
    *(("on-brand", ground, BODY_TEXT) for ground in ("brand", "brand-deep")),
    *(("on-brand-muted", ground, TEXT) for ground in ("brand", "brand-deep")),
    *(("on-action", ground, TEXT) for ground in ("action", "action-hover")),
    *(("action", ground, TEXT) for ground in ("bg", "surface")),
    ("action-hover", "sunk", TEXT),
    *(("on-danger", ground, TEXT) for ground in ("danger", "danger-hover")),
    *(("danger", ground, TEXT) for ground in ("bg", "surface", "danger-soft")),
    ("good-text", "good-soft", TEXT),
    *(("good-text", ground, TEXT) for ground in ("bg", "surface")),
    ("glow-text", "glow-soft", TEXT),
    ("on-glow", "glow", TEXT),
    ("on-glow", "focus", TEXT),
    *(("edge", ground, SIGN) for ground in ("bg", "surface", "sunk")),
    *(("focus-ink", ground, SIGN) for ground in ("bg", "surface", "sunk", "glow-soft")),
    *(("focus", ground, SIGN) for ground in ("brand", "brand-deep")),
    ("glow", "brand", SIGN),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_every_pair_of_colours_is_readable_in_both_schemes(scheme, ink, ground, least):
    colours = schemes()[scheme]
    assert contrast(colours[ink], colours[ground]) >= least


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_lead_is_readable_where_a_line_of_the_web_crosses_it(scheme):
    colours = schemes()[scheme]
    line = mixed(colours["thread"], colours["brand"], 0.55)  # as the web is drawn below 62 rem
    assert contrast(colours["on-brand-muted"], line) >= TEXT


def test_both_schemes_name_the_same_roles():
    light, rest = (STATIC / "css/tokens.css").read_text().split("@media (prefers-color-scheme: dark)")
    roles = set(re.findall(r"--c-([\w-]+):", light))
    assert set(re.findall(r"--c-([\w-]+):", rest.split("@media (min-width")[0])) == roles


def test_rules_use_only_tokens_that_exist():
    tokens = set(re.findall(r"(--[a-z][\w-]*):", (STATIC / "css/tokens.css").read_text()))
    used = set(re.findall(r"var\((--(?!bs-)[\w-]+)\)", "".join(path.read_text() for path in OUR_CSS)))
    assert used - tokens == set()


# --- files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [BOOTSTRAP, *OUR_CSS], ids=lambda path: path.name)
def test_a_style_sheet_points_only_to_files_of_its_own(path):
    addresses = [address.strip("\"'") for address in re.findall(r"url\(([^)]*)\)", path.read_text())]
    assert [address for address in addresses if not (path.parent / address).is_file()] == []
    assert "data:" not in path.read_text()
    assert "@import" not in path.read_text()


@pytest.mark.parametrize("path", [BOOTSTRAP, *OUR_CSS], ids=lambda path: path.name)
def test_nothing_moves(path):
    assert re.findall(r"@keyframes|(?<=[;{ ])(?:transition|animation|scroll-behavior)\s*:", path.read_text()) == []


def test_what_others_made_has_its_licence_beside_it():
    assert "MIT License" in (STATIC / "vendor/bootstrap-LICENSE.txt").read_text()
    assert "SIL Open Font License, Version 1.1" in (STATIC / "vendor/fonts/atkinson-next-OFL.txt").read_text()
    made_elsewhere = {path.name.split("-")[0] for path in STATIC.glob("vendor/**/*") if path.is_file()}
    assert made_elsewhere == {"bootstrap", "atkinson"}


def test_the_frame_links_the_style_sheets_that_are_there():
    for frame in ("base.html", "bare.html"):
        linked = re.findall(
            r"(?:static \"|static_prefix }})([\w./-]+\.(?:css|svg|png|woff2))", (TEMPLATES / frame).read_text()
        )
        assert linked
        assert [name for name in linked if not (STATIC / name).is_file()] == []


def test_a_first_view_leaves_room_for_its_html_within_60_kb():
    font = (STATIC / "vendor/fonts/atkinson-next-fi.woff2").stat().st_size
    texts = [BOOTSTRAP, *OUR_CSS, STATIC / "favicon.svg"]
    on_the_wire = font + sum(len(brotli.compress(path.read_bytes())) for path in texts)
    html, headers = 10_000, 3_000
    assert on_the_wire + html + headers <= 60_000


def test_templates_carry_no_inline_style_or_script():
    refused = re.compile(
        r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*(?:\ssrc=|application/ld\+json))", re.I
    )
    frame = TEMPLATES / "emails" / "base.html"  # mail programs fetch no stylesheet
    found = [path.name for path in TEMPLATES.rglob("*.html") if path != frame and refused.search(path.read_text())]
    assert found == []


# --- components ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted((TEMPLATES / "components").glob("*.html")), ids=lambda path: path.stem)
def test_a_component_names_its_variables_and_is_shown_in_the_style_guide(path):
    assert re.match(r"{% comment %}.*?(variables|Variables).*?{% endcomment %}", path.read_text(), re.S)
    reached, queue = (
        set(),
        [TEMPLATES / "styleguide.html", TEMPLATES / "base.html", *TEMPLATES.glob("bootstrap5/**/*.html")],
    )
    while queue:
        text = queue.pop().read_text()
        names = set(re.findall(r'include "components/(\w+\.html)"', text))
        names |= {"breadcrumb.html"} if "{% breadcrumb " in text else set()
        queue += [TEMPLATES / "components" / name for name in names - reached]
        reached |= names
    assert path.name in reached


def rendered(source: str, **context) -> str:
    return Template("{% load look %}" + source).render(Context(context))


def test_a_telephone_number_becomes_an_address_that_a_telephone_reads():
    assert look.tel(" +358 (0)00 000 00 ") == "tel:+35800000000"
    assert look.tel("116 117") == "tel:116117"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://www.example.org/", "example.org"),
        ("https://example.org/ryhmat/", "example.org/ryhmat"),
        ("https://example.org/" + "x" * 60, "example.org"),
        ("https://example.org/l%C3%A4heiset", "example.org/läheiset"),
    ],
)
def test_a_link_out_shows_its_address_as_people_write_it(url, shown):
    html = rendered("{% external_link url %}", url=url)
    assert html.startswith(f'<a class="external" href="{url}">{shown}<svg')


def test_a_link_out_leads_to_the_web_and_nowhere_else():
    assert rendered("{% external_link url %}", url="javascript:alert(1)") == "javascript:alert(1)"
    assert rendered("{% external_link url %}", url='https://example.org/"><b>').count("<b>") == 0


@pytest.mark.parametrize(("language", "shown"), [("fi", "3.11.2026"), ("sv", "3.11.2026"), ("en", "3 November 2026")])
def test_a_date_is_written_as_it_is_read(language, shown):
    with translation.override(language):
        assert look.day(date(2026, 11, 3)) == shown
    assert look.day(None) == ""


def test_a_long_compound_may_break_between_its_words_only():
    assert look.soft_hyphens("Alueen päihdetoimijaverkosto") == "Alueen päihde\xadtoimija\xadverkosto"
    assert look.soft_hyphens("Verkosto") == "Verkosto"


def test_an_icon_says_nothing_to_a_screen_reader():
    assert all('aria-hidden="true"' in look.icon(name) for name in look.icon_names())
    with pytest.raises(KeyError):
        look.icon("spider")


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (1, [1, 2, Paginator.ELLIPSIS, 40]),
        (20, [1, Paginator.ELLIPSIS, 19, 20, 21, Paginator.ELLIPSIS, 40]),
        (40, [1, Paginator.ELLIPSIS, 39, 40]),
    ],
)
def test_page_numbers_stay_few(number, shown):
    assert list(look.page_numbers(Paginator(range(800), 20).page(number))) == shown


def test_freshness_is_told_in_words_and_in_shape():
    with translation.override(None):  # the words of the source, whatever the catalogues make of them
        badges = [
            render_to_string("components/freshness_badge.html", {"freshness": state, "confirmed_at": date(2026, 11, 3)})
            for state in ("fresh", "due", "none")
        ]
    words = [re.sub(r"<.*?>", "", badge).strip() for badge in badges]
    assert words == ["Confirmed 3.11.2026", "Getting old: confirmed 3.11.2026", "Not confirmed yet"]
    assert len({re.search(r"<svg.*</svg>", badge).group() for badge in badges}) == 3


class Order(forms.Form):
    day = forms.CharField(label="Day", help_text="For example 14.1.2027", error_messages={"required": "Write the day."})
    note = forms.CharField(label="Note", required=False)
    answer = forms.ChoiceField(
        label="Answer",
        choices=[("a", "A"), ("b", "B")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose."},
    )
    agreed = forms.BooleanField(label="Agreed", error_messages={"required": "Tick the box."})

    def clean(self):
        raise forms.ValidationError("<i>The two do not fit.</i>")


def order_page() -> str:
    with translation.override(None):
        return Template("{% load crispy_forms_tags %}{{ form|crispy }}").render(Context({"form": Order({})}))


def test_a_field_is_written_label_hint_error_box():
    html = order_page()
    order = [
        html.index(part)
        for part in ('for="id_day"', 'id="id_day_helptext"', 'id="id_day_error"', '<input type="text" name="day"')
    ]
    assert order == sorted(order)


def test_everything_a_field_says_is_tied_to_it():
    html = order_page()
    ids = set(re.findall(r'\sid="([^"]+)"', html))
    assert len(ids) == len(re.findall(r'\sid="([^"]+)"', html))
    described = [name for names in re.findall(r'aria-describedby="([^"]+)"', html) for name in names.split()]
    assert {"id_day_helptext", "id_day_error", "id_answer_error", "id_agreed_error"} <= set(described) <= ids
    assert re.search(r'<input type="text" name="day"[^>]*aria-invalid="true"', html)
    assert set(re.findall(r'<label for="([^"]+)"', html)) <= ids


def test_the_error_summary_comes_first_and_leads_to_each_field():
    html = order_page()
    summary = html[: html.index('id="div_id_day"')]
    assert 'id="virhe"' in summary
    assert re.findall(r'<a href="#([^"]+)">([^<]+)', summary) == [
        ("id_day", "Write the day."),
        ("id_answer_0", "Choose."),
        ("id_agreed", "Tick the box."),
    ]
    assert "&lt;i&gt;The two do not fit." in summary
    assert "Check 4 things" in summary


def test_only_the_field_that_may_stay_empty_says_so():
    assert re.findall(r"([A-Z]\w+) <span class=\"optional\">\(optional\)", order_page()) == ["Note"]


@pytest.mark.parametrize("name", ["400.html", "form_lost.html", "500.html"])
def test_the_pages_of_last_resort_need_no_database_and_no_request(name):
    with translation.override("en"):
        html = render_to_string(name)
    assert html.count("<h1>") == 1
    assert re.search(r"<title>(.+)</title>", html).group(1) == re.search(r"<h1>(.+)</h1>", html).group(1)
