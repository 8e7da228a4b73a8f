"""Findings marked in the text that a reviewer reads."""

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

from core.privacy.domain.findings import PersonalFinding, Rules
from core.publishing.guard.labels import KIND_LABELS
from core.publishing.guard.scanning import find_in_text

_TAG = re.compile(r"(<[^<>]*>)")


def mark_text(html: Markup, rules: Rules) -> Markup:
    """Return sanitised HTML with marks around personal data, each saying what it looks like."""
    source = str(html)
    parts, end = list[str](), 0
    for finding in find_in_text(source, rules):
        parts += [source[end : finding.start], *_mark(source, finding)]
        end = finding.end
    marked = "".join([*parts, source[end:]])
    return Markup(marked)  # noqa: S704 - sanitised HTML with marks of ours


def _mark(source: str, finding: PersonalFinding) -> Iterator[str]:
    """Yield a finding with marks around its pieces of text; elements within it stay."""
    label = escape(str(KIND_LABELS[finding.kind]))
    for piece in _TAG.split(source[finding.start : finding.end]):
        if not piece.strip() or _TAG.fullmatch(piece):
            yield piece
        else:
            hidden = f'<span class="visually-hidden"> ({label}) </span>'
            yield f'<mark title="{label}">{piece}{hidden}</mark>'
