"""Sensitive wording (错敏词): words that texts of an office should not have, and better ones.

It warns and never replaces: an old name of a ministry is right in an old document.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_POST = re.compile(
    r"(?:(?:[省市县区乡镇村]|街道)?(?:党?委|党组|政府|人大(?:常委会)?|政协|纪委|监委)?(?:常务)?副?代?"
    r"(?:书记|[省市县区乡镇部局厅处科院会]长|检察长|主任|主席|常委))$"
)
_LOOKED_BACK = 20


@dataclass(frozen=True, slots=True)
class SensitiveRule:
    """A pattern that should not stand in a text, what is better, and why."""

    pattern: re.Pattern[str]
    better: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class OfficialPost:
    """The post that a leader of the place holds."""

    name: str
    post: str


@dataclass(frozen=True, slots=True)
class WordRules:
    """What is looked for in the texts of a place."""

    rules: tuple[SensitiveRule, ...] = ()
    posts: tuple[OfficialPost, ...] = ()

    def __add__(self, other: "WordRules") -> "WordRules":
        return WordRules(self.rules + other.rules, self.posts + other.posts)


@dataclass(frozen=True, slots=True)
class SensitiveWord:
    """A warning: where a text has which word, and what would be better."""

    start: int
    end: int
    text: str
    better: str
    note: str = ""


def find_sensitive(text: str, words: WordRules) -> list[SensitiveWord]:
    """Return the warnings on a text in their order; they do not overlap."""
    found = [*_find_rules(text, words.rules), *_find_posts(text, words.posts)]
    kept = list[SensitiveWord]()
    for warning in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or warning.start >= kept[-1].end:
            kept.append(warning)
    return kept


def parse_word_line(line: str) -> WordRules:
    """Read a line of a place's own list: 错词=正词, 错词 or 姓名:职务; raises `ValueError`."""
    name, colon, post = line.replace("：", ":").partition(":")
    if colon:
        if not name.strip() or not post.strip():
            raise ValueError(line)
        return WordRules(posts=(OfficialPost(name.strip(), post.strip()),))
    word, _, better = line.replace("＝", "=").partition("=")
    if not word.strip() or word.strip() == better.strip():
        raise ValueError(line)
    pattern = re.escape(word.strip())
    if better.strip().startswith(word.strip()):  # 农业部=农业农村部 finds no right name
        rest = re.escape(better.strip()[len(word.strip()) :])
        pattern = f"{pattern}(?!{rest})"
    return WordRules((SensitiveRule(re.compile(pattern), better.strip()),))


def _find_rules(text: str, rules: Iterable[SensitiveRule]) -> Iterator[SensitiveWord]:
    for rule in rules:
        for match in rule.pattern.finditer(text):
            yield SensitiveWord(*match.span(), match.group(), rule.better, rule.note)


def _find_posts(text: str, posts: Iterable[OfficialPost]) -> Iterator[SensitiveWord]:
    """Find names of leaders behind a post that is not theirs."""
    known: dict[str, set[str]] = {}
    for official in posts:
        known.setdefault(official.name, set()).add(official.post)
    for name, own in known.items():
        for match in re.finditer(re.escape(name), text):
            before = text[max(0, match.start() - _LOOKED_BACK) : match.start()].rstrip()
            written = _POST.search(before)
            if written and not any(_is_post(written.group(), before, post) for post in own):
                start = match.start() - len(written.group())
                yield SensitiveWord(
                    start, match.end(), text[start : match.end()], f"{'、'.join(sorted(own))}{name}"
                )


def _is_post(written: str, before: str, post: str) -> bool:
    """Say whether this post is written, or the last part of it: 县委书记 also as 书记."""
    return before.endswith(post) or post.endswith(written)
