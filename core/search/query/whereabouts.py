"""Questions after a place to go to: 最近的便民服务点, 哪里能办社保卡, 税务所在哪儿."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.search.query.lexicon import PLACE_KINDS, Lexicon
from core.search.query.planner import ANYTHING, QueryVariant, plan_query

_NEAR = (
    "离[我这][里儿们家]*(?:最近|近)[的点]?|(?:离家|就)近[的点]?|最近[的处]"
    "|附近[的有]?|周[边围][的有]?|旁边[的有]?"
)
_WHERE = (
    "(?:在|到|去|上|从)?(?:哪[里儿]?|什么地方|啥地方|何处)(?=$|[能可有办交领开查换补看打取缴])"
    "|在哪[里儿]?|怎么[走去]|[咋][走去]|具体(?:地址|位置)|(?:地址|位置)(?:在哪)?$"
)
_OPEN = (
    "几点(?:开门|关门|上班|下班|营业)|上不上班|开不开门"
    "|(?:今天|现在|周末|星期[一二三四五六日天])?(?:开门|上班|营业)吗"
)
_ASKS = re.compile(f"{_NEAR}|{_WHERE}|{_OPEN}")
#: What is left of a question that names no matter: 附近有什么, 最近的在哪.
_EMPTY = re.compile("^(?:[有的个家处呢吗啊呀能可以办有什么哪些地方点儿]*)$")
_BARE = re.compile(f"(?:{_NEAR})")


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A question after a place to go to: the ways to look for it, and a place that it names.

    `variants` are run in turn; `place` is a name of the lexicon, empty where none is named.
    """

    variants: tuple[QueryVariant, ...]
    place: str = ""


def find_whereabouts(folded: str, words: Lexicon) -> Whereabouts | None:
    """Read a question after a place to go to; `None` for any other query."""
    text = "".join(folded.split())
    if not _ASKS.search(text):
        return None
    place = _find_place(text, words)
    matter = _ASKS.sub(" ", text)
    ways = [matter, matter.replace(place, " ", 1)] if place else [matter]
    variants = dict.fromkeys(variant for way in ways for variant in _plan(way, words))
    return Whereabouts(tuple(variants), place)


def _plan(matter: str, words: Lexicon) -> Iterator[QueryVariant]:
    """Yield the variants that still name the matter; of no matter, the one for anything."""
    if _EMPTY.match("".join(matter.split())):
        yield ANYTHING
        return
    for variant in plan_query(matter, words).variants:
        if not variant.partial:
            yield variant


def _find_place(text: str, words: Lexicon) -> str:
    """Return the longest place named; one without its kind (镇, 村) only where 附近 follows."""
    named = [
        place
        for place in words.places
        if place in text and (PLACE_KINDS.search(place) or _is_before_near(place, text))
    ]
    return max(named, key=lambda place: (len(place), place), default="")


def _is_before_near(place: str, text: str) -> bool:
    return _BARE.match(text, text.find(place) + len(place)) is not None
