"""Recognise HTML wherever it begins, and take the code of office programs and sites off it.

Excel, Word, WPS and the editors of government sites (TRS and others) leave style sheets,
conditional comments, islands of XML and text of style rules in what is copied from them.
"""

import re
from html import unescape

from core.publishing.body.office import without_office_lists

# Elements that go with their content.
WITH_CONTENT = {"script", "style", "title", "xml", "noscript", "template", "select", "textarea"}
_NAMES = (
    "a|abbr|address|article|aside|b|big|blockquote|body|br|caption|center|cite|code|col|colgroup|dd|del|div|dl"
    "|dt|em|figure|figcaption|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li"
    "|link|main|meta|nav|noscript|object|ol|option|p|pre|q|s|script|section|select|small|span|strike|strong"
    "|style|sub|sup|svg|table|tbody|td|textarea|tfoot|th|thead|title|tr|tt|u|ul|video|wbr|xml|o:p|[ovw]:[a-z]+"
    "|st1:[a-z]+|ucapcontent|ucaptitle|trs_[a-z_]+"
)
# A text is HTML that begins with an element, a comment or a declaration …
_BEGINS = re.compile(
    rf"\ufeff?\s*<(?:(?:{_NAMES})(?=[\s/>])|!--|!\[|!doctype|\?xml)", re.IGNORECASE
)
# … or that holds one that ends, an image or a line break anywhere.
_HOLDS = re.compile(
    rf"</(?:{_NAMES})\s*>|<(?:br|hr|img|meta|link)(?:\s[^<>]*)?/?>|<!--|<!\[", re.IGNORECASE
)
_ESCAPED = re.compile(
    rf"&(?:amp;)*lt;/(?:{_NAMES})\s*&(?:amp;)*gt;|&(?:amp;)*lt;!(?:--|\[)"
    r"|&(?:amp;)*lt;(?:br|hr|img|meta|p|div|span|table|style)\b(?:(?!&[lg]t;).){0,500}&(?:amp;)*gt;",
    re.IGNORECASE | re.DOTALL,
)
_MOST_UNESCAPED = 3
_ISLANDS = re.compile(
    r"<(xml|title|head(?=[\s>][^>]*>\s*<title)|ucaptitle)\b[^>]*>.*?</\1\s*>",
    re.IGNORECASE | re.DOTALL,
)
_PREFORMATTED = re.compile(r"<pre\b[^>]*>(.*?)</pre\s*>", re.IGNORECASE | re.DOTALL)
_RENAMED = (
    (re.compile(r"(</?)h1\b", re.IGNORECASE), r"\1h2"),
    (
        re.compile(
            r"(</?)(?:center|section|article|header|footer|main|nav|aside|address|figure|figcaption"
            r"|fieldset|form|ucapcontent|body)(?=[\s/>])",
            re.IGNORECASE,
        ),
        r"\1div",
    ),
    (re.compile(r"(</?)strike\b", re.IGNORECASE), r"\1s"),
)
_ROW = re.compile(r"<tr\b", re.IGNORECASE)
_TABLE = re.compile(r"<table\b", re.IGNORECASE)
_WHOLE_TABLE = re.compile(
    r"(<(?:table|style|script|!--).*?(?:</(?:table|style|script)>|-->|\Z))",
    re.IGNORECASE | re.DOTALL,
)
_PARAGRAPH = re.compile(r"<(?:p|br|div|li|h[1-6]|dd|pre|blockquote)(?=[\s/>])", re.IGNORECASE)
# Rules of style sheets that stand in the text, where an editor has cut off their element.
_STYLE_RULE = re.compile(
    r"(?<![A-Za-z0-9_.#@*])[A-Za-z.#@*][A-Za-z0-9_\s.,#:>*()\-]{0,200}\{[^{}\u3000-\u9fff]{0,2000}\}"
)
_STYLE_COMMENT = re.compile(r"/\*[^*\u3000-\u9fff]{0,200}\*/")
_WORD_SETTINGS = re.compile(
    r"Normal\s+0\s+(?:false|true).{0,200}?X-NONE(?:\s+MicrosoftInternetExplorer\d)?", re.DOTALL
)
_EMPTY_BLOCK = re.compile(
    r"<(p|div|h[2-6]|span|strong|b|em|u|i|small)>(?:\s|&nbsp;|\xa0|<br>)*</\1>"
)
_ENTITY = re.compile(
    r"&(?:nbsp|ensp|emsp|thinsp|[lr][ds]quo|middot|[mn]dash|hellip|times|yen|amp|quot|apos|[lg]t"
    r"|#\d{2,6}|#x[0-9a-f]{2,5});",
    re.IGNORECASE,
)


def is_markup(source: str) -> bool:
    """Say whether a text is HTML: an element may begin it or stand anywhere in it."""
    return bool(_BEGINS.match(source) or _HOLDS.search(source))


def has_blocks(source: str) -> bool:
    """Say whether HTML has elements that part its text into lines."""
    return bool(_PARAGRAPH.search(source) or _ROW.search(source))


def show_code(source: str) -> str:
    """Return a text whose markup is shown as code (&lt;p&gt;) as the markup that it was."""
    for _round in range(_MOST_UNESCAPED):
        if not _ESCAPED.search(source):
            break
        source = unescape(source)
    return source


def prepare(source: str) -> str:
    """Take islands of XML and titles off HTML, and name its blocks by elements that are kept.

    Headings go down by one level: the page has one h1, its title. Rows without a table get one;
    lines of a text that has no paragraphs become some.
    """
    source = _PREFORMATTED.sub(_break_lines, _ISLANDS.sub(" ", without_office_lists(source)))
    for pattern, name in _RENAMED:
        source = pattern.sub(name, source)
    if _ROW.search(source) and not _TABLE.search(source):
        source = _wrap_rows(source)
    return source if _PARAGRAPH.search(source) else _wrap_lines(source)


def _break_lines(match: re.Match[str]) -> str:
    return f"<div>{match[1].strip().replace(chr(10), '<br>')}</div>"


def _wrap_rows(source: str) -> str:
    first, last = _ROW.search(source), source.lower().rfind("</tr")
    start = first.start() if first else 0
    end = source.find(">", last) + 1 if last > start else len(source)
    return f"{source[:start]}<table>{source[start:end]}</table>{source[end:]}"


def _wrap_lines(source: str) -> str:
    parts = _WHOLE_TABLE.split(source)
    for place in range(0, len(parts), 2):
        lines = [line.strip() for line in parts[place].splitlines() if line.strip()]
        if len(lines) > 1:
            parts[place] = "".join(f"<p>{line}</p>" for line in lines)
    return "".join(parts)


def without_page_code(text: str) -> str:
    """Remove rules of style sheets and settings of Word that stand in a text, typed or cleaned."""
    if "{" in text:
        text = _STYLE_COMMENT.sub("", _STYLE_RULE.sub("", text))
    return _WORD_SETTINGS.sub("", text) if "X-NONE" in text else text


def without_empty_blocks(cleaned: str) -> str:
    """Remove paragraphs of blanks alone, with which editors make distances."""
    before = ""
    while before != cleaned:
        before, cleaned = cleaned, _EMPTY_BLOCK.sub("", cleaned)
    return cleaned


def plain_text(source: str) -> str:
    """Return typed text with the characters that its entities stand for (&nbsp;)."""
    return _ENTITY.sub(lambda match: unescape(match[0]), source) if "&" in source else source
