"""Mark-up left in a text: HTML or XML tags, character references, Markdown. Every pattern reads a character once."""

import html
import re

# Elements of HTML; anything else in angle brackets may be a stock ticker, as in "Sears <S>".
ELEMENT_NAMES = """
    a abbr acronym address applet area article aside audio b base bdi bdo big blockquote body br button canvas
    caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset
    figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input
    ins kbd label legend li link main map mark menu meta meter nav noframes noscript object ol optgroup option
    output p param picture pre progress
    q rp rt ruby s samp script search section select small source span strike strong style sub summary sup
    svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr"""
HTML_ELEMENTS = frozenset(ELEMENT_NAMES.split())
BREAKING_NAMES = """
    address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 head header hr html legend li main menu nav ol option p pre section summary
    table tbody td tfoot th thead title tr ul"""
BREAKING = frozenset(BREAKING_NAMES.split())

TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9.:_-]{0,40})((?:[\s/][^<>]*)?)>")
CLOSING = re.compile(r"</([A-Za-z][A-Za-z0-9.:_-]{0,40})\s*>")
DECLARATION = re.compile(r"<[!?][A-Za-z\[][^<>]*>")
# The semicolon is asked for, so that "AT&T" and "?a=1&copy=2" stay; the digits are bounded, since a number of a
# million digits is an error to int().
REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# References may be escaped again by each system they passed through: &amp;amp;quot;
MAX_ESCAPED = 4

HEADING = re.compile(r"^#{1,6} +", re.MULTILINE)
BOLD = re.compile(r"(?<!\*)\*\*(?=[^\s*])([^*\n]{1,2000})(?<=[^\s*])\*\*(?!\*)")
BULLET = re.compile(r"^[-*] +", re.MULTILINE)


def clean_markup(text: str) -> tuple[str, bool]:
    """The text without tags, comments, scripts and Markdown marks, references resolved; and whether there were any.

    Tags of block elements become line ends. A tag that is no HTML counts only where its closing tag is there too.
    """
    cleaned = text
    for _ in range(MAX_ESCAPED):
        before = cleaned
        if "<" in cleaned:
            cleaned = clean_tags(cleaned)
        if "&" in cleaned:
            cleaned = REFERENCE.sub(resolve_reference, cleaned)
        if cleaned == before:
            break
    if "**" in cleaned or "# " in cleaned:
        cleaned = clean_markdown(cleaned)
    return cleaned, cleaned != text


def clean_tags(text: str) -> str:
    """Comments, scripts and styles go with what is in them, other tags alone."""
    text = drop_between(text, "<!--", "-->")
    text = text.replace("<![CDATA[", "").replace("]]>", "") if "<![CDATA[" in text else text
    for element in ("script", "style"):
        if f"<{element}" in text:
            text = drop_between(text, f"<{element}", f"</{element}>")
    text = DECLARATION.sub("", text)
    closed = {name.lower() for name in CLOSING.findall(text)}

    def replace(tag: re.Match[str]) -> str:
        slash, name, rest = tag.groups()
        if not is_markup(name, rest, bool(slash), closed):
            return tag[0]
        return "\n" if name.lower() in BREAKING else ""

    return TAG.sub(replace, text)


def is_markup(name: str, attributes: str, closing: bool, closed: set[str]) -> bool:
    """Whether something in angle brackets is a tag."""
    lowered = name.lower()
    if closing or lowered in closed:
        return lowered in HTML_ELEMENTS or lowered in closed
    if lowered not in HTML_ELEMENTS:
        return False
    if "=" in attributes or lowered == "br":
        return True
    return not attributes.strip(" \t\n/") and name.islower()


def drop_between(text: str, opening: str, closing: str) -> str:
    """Without every stretch from `opening` to the next `closing`; one that never closes stays."""
    parts, at = [], 0
    while (start := text.find(opening, at)) >= 0 and (end := text.find(closing, start)) >= 0:
        parts.append(text[at:start])
        at = end + len(closing)
    return "".join([*parts, text[at:]])


def resolve_reference(reference: re.Match[str]) -> str:
    """The character meant; one that would end the line is a space, one that HTML does not know stays as it is."""
    character = html.unescape(reference[0])
    return " " if character in "\n\r\x0b\x0c\x85\u2028\u2029" else character


def clean_markdown(text: str) -> str:
    """Without the marks of headings and bold type, and of lists where one of these shows that it is Markdown."""
    unmarked = BOLD.sub(r"\1", HEADING.sub("", text))
    return BULLET.sub("", unmarked) if unmarked != text else text
