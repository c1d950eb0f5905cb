"""Markdown that people wrote, as the language of Typst, which sets it into an accessible PDF.

Everything that comes from outside is put in as a string: no text of anybody's is read as Typst code. HTML and pictures
are not let through, as in `network.markdown`.
"""

import datetime as dt
from typing import Any

import typst
from markdown_it import MarkdownIt
from markdown_it.token import Token

_parser = MarkdownIt("commonmark", {"html": False}).disable("image")
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
#set text(lang: {language}, font: "Libertinus Serif", size: 11pt, hyphenate: true)
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
    """The body, with its highest headings on `level`."""
    tokens = _parser.parse(text)
    headings = [token for token in tokens if token.type == "heading_open"]
    shift = level - min((int(token.tag[1]) for token in headings), default=level)
    return "".join(_block(token, shift) for token in tokens)


def _block(token: Token, shift: int) -> str:
    if token.type == "inline":
        return "".join(_inline(child) for child in token.children or [])
    if token.type == "heading_open":
        return f"#heading(level: {min(max(int(token.tag[1]) + shift, 2), 6)})["
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
    """A tagged PDF/UA file with its title and language."""
    source = HEAD.format(title=string(title), language=string(language)) + body
    options: dict[str, Any] = {"format": "pdf", "pdf_standards": ["ua-1"], "ignore_system_fonts": True}
    if made:
        options["timestamp"] = int(made.timestamp())
    compiled = typst.compile(source.encode(), **options)
    return compiled if isinstance(compiled, bytes) else b"".join(compiled or [])
