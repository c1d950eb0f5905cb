"""What people wrote becomes a tagged PDF, whatever it holds, and none of it is read as code."""

import pytest

from network.typst_text import from_markdown, heading, listed, pdf

TEXTS = {
    "skipped heading": "## A\n\n#### B\n\n# C",
    "empty heading": "#\n\nteksti\n\n##",
    "letters no font has": "Kiitos 😀 👩‍👩‍👧 漢字 العربية",
    "many of them": " ".join(chr(0x1F600 + number) for number in range(60)),
    "code of typst": '#eval("1") $x^2$ @viite <merkki> `#let` \\ "lainaus" [hakasulku] *',
    "link without words": "[](https://example.org) [sana](javascript:alert(1))",
    "blocks in blocks": "> - a\n>   - b\n>\n> ```\n> x\n> ```\n\n---\n\n7. seitsemän\n\n-\n- # otsikko",
    "html and pictures": "<b>x</b> ![kuva](https://example.org/y.png) a\u200bb\u00ad\ufeff",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_any_text_becomes_a_tagged_pdf(text):
    file = pdf("Muistio", heading("Muistio", 1) + heading("Kohta", 2) + from_markdown(text, level=3), language="fi")
    assert file.startswith(b"%PDF")
    for mark in (b"/MarkInfo", b"/StructTreeRoot", b"/Lang"):
        assert mark in file


def test_text_stays_text():
    source = from_markdown('#eval("1") [x](https://example.org/"a)') + listed(['#let a = "b"'])
    assert '#"#eval(\\"1\\") ";' in source
    assert '[#"#let a = \\"b\\"";]' in source
