"""Markdown that people write, as HTML that is safe to show in a page and in a message.

First a parser that lets no HTML through, then a cleaner that lets through only what is named here: a mistake in one
of them is not enough to get a script or a picture of another server onto a page.
"""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {"a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "strong", "ul"}
SCHEMES = {"http", "https", "mailto", "tel"}

_parser = MarkdownIt("commonmark", {"html": False}).disable("image")


def to_html(text: str) -> SafeString:
    """The highest headings come to stand on the second level: the first is the page's own."""
    tokens = _parser.parse(text)
    headings = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    highest = min((int(token.tag[1]) for token in headings), default=1)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) - highest + 2, 4)}"
    html = _parser.renderer.render(tokens, _parser.options, {})
    clean = nh3.clean(
        html, tags=TAGS, attributes={"a": {"href"}, "ol": {"start"}}, url_schemes=SCHEMES, link_rel="noopener"
    )
    return mark_safe(clean)  # cleaned just now


def to_words(text: str) -> str:
    """The words of the first paragraph, for a list or a description; escaped for HTML."""
    tokens = _parser.parse(text)
    first = next((at for at, token in enumerate(tokens) if token.type == "paragraph_open"), None)
    if first is None:
        return ""
    html = _parser.renderer.render(tokens[first + 1 : first + 2], _parser.options, {})
    return " ".join(nh3.clean(html, tags=set()).split())
