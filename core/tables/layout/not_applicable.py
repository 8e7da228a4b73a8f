"""未涉及领域事项说明: domains that a file names as not concerned, with the reason it gives."""

import re
from collections.abc import Sequence

from core.tables.fields.enumeration import unnumbered
from core.tables.layout.titles import DOMAINS
from core.tables.model import NotApplicable
from core.tables.text import fold, split_outside, squeeze, tidy

_HEAD = re.compile(
    r"^(?:未涉及|不涉及|未承担|不适用|无涉及|不编制)[^,。:;]{0,14}(?:说明|情况|领域|事项|清单|目录)$"
)
_SENTENCE = re.compile(r"不涉及|未涉及|不属于|不适用|不承担|无此|不编制|没有")
_AFTER_NAMES = re.compile(r"(?:等)?(?:[\d一二三四五六七八九十两]+[个项类])?(?:试点)?(?:领域|方面)")
_LEAD = re.compile(
    r"^.*?(?:不涉及|未涉及|不承担|没有|不包括|不适用|其中|包括|除了?|镇|乡|街道|村|社区|区|县)(?:的|有|为)?(?=.{2})"
)
_NAMED = re.compile(r"^(?P<name>[^:,。;]{2,20}?)(?:领域)?(?::|\u2014\u2014|--)(?P<reason>.+)$")
_LONGEST_NAME = 20


def is_head(text: str) -> bool:
    """Say whether a line heads the section of domains that are not concerned."""
    return bool(_HEAD.match(unnumbered(fold(squeeze(text)))))


def is_statement(text: str) -> bool:
    """Say whether a sentence outside such a section names domains as not concerned."""
    word = squeeze(text)
    return "领域" in word and bool(_SENTENCE.search(word)) and len(_from_sentence(text)) > 0


def read_not_applicable(lines: Sequence[str]) -> list[NotApplicable]:
    """Read the lines of such a section: sentences (A、B等领域不属于…) or a list (A:reason)."""
    entries: list[NotApplicable] = []
    for line in lines:
        for entry in _from_item(line) or _from_sentence(line):
            if entry.domain not in {known.domain for known in entries}:
                entries.append(entry)
    return entries


def _from_item(line: str) -> list[NotApplicable]:
    text = unnumbered(tidy(line))
    match = _NAMED.match(fold(text))
    if match is None or _AFTER_NAMES.search(match["name"]):
        return []
    name = text[: match.end("name")]
    reason = text[match.start("reason") :].strip()
    if not (name in DOMAINS or text[match.end("name") :].startswith("领域")):
        return []
    return [NotApplicable(part, reason) for part in split_outside(name, "、")]


def _from_sentence(line: str) -> list[NotApplicable]:
    reason = tidy(line)
    found: list[NotApplicable] = []
    for sentence in re.split(r"(?<=。)", reason):
        folded = fold(sentence)
        match = _AFTER_NAMES.search(folded)
        if match is None or not _SENTENCE.search(folded):
            continue
        found += [
            NotApplicable(name, sentence.strip()) for name in _names(sentence[: match.start()])
        ]
    return found


def _names(text: str) -> list[str]:
    clause = re.split(r"[,:。;]", fold(text))[-1]
    clause = text[len(text) - len(clause) :]
    parts = [piece for part in split_outside(clause, "、") for piece in _conjoined(part)]
    names = [_bare(part) if index == 0 else part for index, part in enumerate(parts)]
    return [name for name in names if 2 <= len(name) <= _LONGEST_NAME]


def _conjoined(part: str) -> list[str]:
    """Split A和B where both are domains that are known."""
    for word in ("以及", "和", "及", "与"):
        left, found, right = part.partition(word)
        if found and right in DOMAINS and left.endswith(DOMAINS):
            return [left, right]
    return [part]


def _bare(first: str) -> str:
    """Take the words off that lead to the first name: 本镇不涉及税收管理."""
    first = unnumbered(first)
    known = [domain for domain in DOMAINS if first.endswith(domain)]
    if known:
        return max(known, key=len)
    return _LEAD.sub("", first)
