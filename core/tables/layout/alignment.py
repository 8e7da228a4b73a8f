"""Assign lines to columns, in order, by what they look like."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.tables.fields.channels import is_channel_list
from core.tables.fields.enumeration import is_marked
from core.tables.fields.lists import is_citation, looks_like_organ, looks_like_time_limit
from core.tables.fields.ticks import TICKED, is_mark
from core.tables.labels import NAME_FIELDS
from core.tables.text import squeeze

#: The pseudo-field of neighbouring columns of ticks.
TICKS = "ticks"
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Zone:
    """Columns that take lines together: one text column, or neighbouring columns of ticks."""

    field: str
    columns: tuple[int, ...]


def align(tokens: Sequence[str], zones: Sequence[Zone], *, first: bool) -> list[list[str]]:
    """Divide the lines among the zones, in order, so that they look like what they are."""
    empty = [0.0]
    for zone in zones:
        empty.append(empty[-1] + _empty_cost(zone.field, first=first))
    best: list[list[tuple[float, int]]] = []
    for index, token in enumerate(tokens):
        line: list[tuple[float, int]] = []
        for number, zone in enumerate(zones):
            opening = _score(token, zone.field)
            if index == 0:
                line.append((empty[number] + opening, -1))
                continue
            options = [(best[-1][number][0] + _extended(token, zone.field), number)]
            options += [
                (best[-1][before][0] + empty[number] - empty[before + 1] + opening, before)
                for before in range(number)
            ]
            line.append(max(options))
        best.append(line)
    return _traced(tokens, zones, best, empty)


def _traced(
    tokens: Sequence[str],
    zones: Sequence[Zone],
    best: Sequence[Sequence[tuple[float, int]]],
    empty: Sequence[float],
) -> list[list[str]]:
    placed: list[list[str]] = [[] for _ in zones]
    if not tokens or not zones:
        return placed
    last = [
        (score + empty[-1] - empty[number + 1], number)
        for number, (score, _) in enumerate(best[-1])
    ]
    number = max(last)[1]
    for index in range(len(tokens) - 1, -1, -1):
        placed[number].insert(0, tokens[index])
        number = best[index][number][1]
    return placed


def _empty_cost(field: str, *, first: bool) -> float:
    if field == "level1":
        return -9.0 if first else -1.2
    return {
        "content_elements": -2.0,
        "level2": -1.5,
        "level3": -1.0,
        TICKS: 0.0,
        "extra": 0.0,
    }.get(field, -0.6)


def _extended(token: str, field: str) -> float:
    """Score a line as a further line of the zone that the line before is in."""
    if field in NAME_FIELDS:
        return -3.0
    if not squeeze(token) and field != TICKS:
        return -2.0
    if field == TICKS and not is_mark(token):
        return 0.6 if not squeeze(token) else -0.5
    return _score(token, field)


def _score(token: str, field: str) -> float:
    """Score a line as the first of a zone: above 0 where it looks like it belongs there."""
    text = squeeze(token)
    if not text:
        return 0.6 if field == TICKS else 0.2
    if is_mark(text):
        return 3.0 if field == TICKS else -3.0
    if field == TICKS:
        return -1.0 if text[0] in TICKED else -4.0
    return _TEXT_SCORES.get(field, _score_other)(text)


def _score_name(text: str) -> float:
    if is_marked(text) or is_citation(text) or text[0] in TICKED or len(text) > _LONGEST_NAME:
        return -2.0
    return -0.5 if looks_like_time_limit(text) else 1.0


def _score_contents(text: str) -> float:
    if is_marked(text) and text[0] not in TICKED:
        return 1.5
    if is_channel_list(text):
        return -3.0
    if "《" in text or looks_like_time_limit(text):
        return -1.0
    return 0.4 if looks_like_organ(text) else 0.6


def _score_basis(text: str) -> float:
    if "《" in text or "同上" in text:
        return 2.0
    return 0.8 if is_citation(text) else -1.0


def _score_limit(text: str) -> float:
    return 2.0 if looks_like_time_limit(text) or "同上" in text else -1.5


def _score_organ(text: str) -> float:
    if text[0] in TICKED:
        return -3.0
    return 1.5 if looks_like_organ(text) or text == "同上" else -0.3


def _score_channels(text: str) -> float:
    return 3.0 if is_channel_list(text) or text == "同上" else -1.0


def _score_other(_text: str) -> float:
    return 0.0


_TEXT_SCORES = {
    **dict.fromkeys(NAME_FIELDS, _score_name),
    "content_elements": _score_contents,
    "legal_basis": _score_basis,
    "time_limit": _score_limit,
    "responsible_organ": _score_organ,
    "channels": _score_channels,
}
