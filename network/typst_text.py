"""Markdown that people wrote, as the language of Typst, which sets it into an accessible PDF.

Everything that comes from outside is put in as a string: no text of anybody's is read as Typst code. HTML and pictures
are not let through, as in `network.markdown`.
"""

import datetime as dt
import re
from typing import Any

import typst
from markdown_it import MarkdownIt
from markdown_it.token import Token

_parser = MarkdownIt("commonmark", {"html": False}).disable("image")
UNKNOWN = re.compile(r"the text `\"(.+?)\"` could not be displayed")
MOST_UNKNOWN = 25
INSTEAD = "*"
LATIN = 0x250
SCHEMES = ("http://", "https://", "mailto:", "tel:")

_OPEN = {
    "strong_open": "#strong[", "em_open": "#emph[", "blockquote_open": "#quote(block: true)[", "bullet_list_open": "#list(tight: true,",
    "ordered_list_open": "#enum(tight: true,", "list_item_open": "[", "paragraph_open": "",
}  # fmt: skip
_CLOSE = {
    "strong_close": "]", "em_close": "]", "blockquote_close": "]\n\n", "bullet_list_close": ")\n\n", "ordered_list_close": ")\n\n",
    "list_item_close": "],", "paragraph_close": "\n\n", "heading_close": "]\n\n", "link_close": "]",
}  # fmt: skip

HEAD = """#set document(title: {title}, date: none)
#set text(lang: {language}, font: ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono"), size: 11pt, hyphenate: true)
#set page(paper: "a4", margin: (x: 2.4cm, y: 2.4cm), footer: context align(center, text(size: 9pt, counter(page).display("1 / 1", both: true))))
#set par(leading: 0.7em, spacing: 1.1em)
#show heading.where(level: 1): set text(size: 19pt)
#show heading.where(level: 2): set text(size: 13pt)
#show heading: set block(above: 1.5em, below: 0.8em)
#show link: underline
"""


def string(text: str) -> str:
    """A string of Typst that holds the text as it is."""
    text = "".join(letter for letter in text if letter in "\n\t" or letter.isprintable())
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", " ")
    return f'"{escaped}"'


def words(text: str) -> str:
    """The text inside a paragraph."""
    return f"#{string(text)};" if text else ""


def heading(text: str, level: int) -> str:
    return f"#heading(level: {level})[{words(text)}]\n\n"


def paragraph(text: str) -> str:
    return f"{words(text)}\n\n"


def listed(lines: list[str]) -> str:
    return f"#list(tight: true, {', '.join(f'[{words(line)}]' for line in lines)})\n\n" if lines else ""


def from_markdown(text: str, *, level: int = 2) -> str:
    """The body, with its highest headings on `level`. No level is skipped and no heading is empty: PDF/UA forbids both."""
    tokens = _parser.parse(text)
    levels = _levels(tokens, level)
    body, skipping = [], False
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and at not in levels:
            skipping = True
        if not skipping:
            body.append(_block(token, levels.get(at, level)))
        if token.type == "heading_close":
            skipping = False
    return "".join(body)


def _levels(tokens: list[Token], level: int) -> dict[int, int]:
    """The level of each heading that has words, by its place among the tokens."""
    places = [at for at, token in enumerate(tokens) if token.type == "heading_open" and _has_words(tokens[at + 1])]
    shift = level - min((int(tokens[at].tag[1]) for at in places), default=level)
    found, deepest = {}, level - 1
    for at in places:
        deepest = found[at] = min(int(tokens[at].tag[1]) + shift, deepest + 1)
    return found


def _has_words(token: Token) -> bool:
    return any(child.content.strip() for child in token.children or [])


def _block(token: Token, level: int) -> str:
    if token.type == "inline":
        return "".join(_inline(child) for child in token.children or [])
    if token.type == "heading_open":
        return f"#heading(level: {level})["
    if token.type in {"fence", "code_block"}:
        return f"#raw(block: true, {string(token.content.rstrip())})\n\n"
    if token.type == "hr":
        return "#pdf.artifact(line(length: 100%))\n\n"
    if token.type == "ordered_list_open" and token.attrGet("start"):
        return f"#enum(tight: true, start: {int(token.attrGet('start') or 1)},"
    return _OPEN.get(token.type, _CLOSE.get(token.type, ""))


def _inline(token: Token) -> str:
    match token.type:
        case "text":
            return words(token.content)
        case "code_inline":
            return f"#raw({string(token.content)});"
        case "softbreak":
            return " "
        case "hardbreak":
            return "#linebreak();"
        case "link_open":
            address = str(token.attrGet("href") or "")
            return f"#link({string(address)})[" if address.startswith(SCHEMES) else "#box["
        case "image":
            return words(token.content)
    return _OPEN.get(token.type, _CLOSE.get(token.type, ""))


def pdf(title: str, body: str, *, language: str, made: dt.datetime | None = None) -> bytes:
    """A tagged PDF/UA file with its title and language. A letter that no font has – a picture, say – becomes a sign."""
    source = HEAD.format(title=string(title), language=string(language)) + body
    options: dict[str, Any] = {"format": "pdf", "pdf_standards": ["ua-1"], "ignore_system_fonts": True}
    if made:
        options["timestamp"] = int(made.timestamp())
    for _attempt in range(MOST_UNKNOWN):
        try:
            return _compiled(source, options)
        except typst.TypstError as error:
            unknown = UNKNOWN.search(str(error))
            if unknown is None:
                raise
            source = re.sub(f"[{re.escape(unknown[1])}]", INSTEAD, source)
    return _compiled("".join(letter if ord(letter) < LATIN else INSTEAD for letter in source), options)


def _compiled(source: str, options: dict[str, Any]) -> bytes:
    compiled = typst.compile(source.encode(), **options)
    return compiled if isinstance(compiled, bytes) else b"".join(compiled or [])
