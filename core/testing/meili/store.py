"""Indexes, documents and tasks of the fake server; writes are tasks that end later."""

import copy
import queue
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from core.testing.meili.access import ApiError, Json
from core.testing.meili.filters import Test, metres_to, parse
from core.testing.meili.matching import attribute_rank

_ID = re.compile(r"[A-Za-z0-9_-]{1,511}")
_GEO_POINT = re.compile(r"_geoPoint\((-?[\d.]+), (-?[\d.]+)\)")
RULES = {"words", "typo", "proximity", "attributeRank", "wordPosition", "attribute", "sort",
         "exactness"}  # fmt: skip
# The settings that our adapter writes, as the server has them at first.
DEFAULTS: Json = {
    "searchableAttributes": ["*"], "filterableAttributes": [], "sortableAttributes": [],
    "displayedAttributes": ["*"], "synonyms": {}, "stopWords": [], "localizedAttributes": None,
    "rankingRules": ["words", "typo", "proximity", "attributeRank", "sort", "wordPosition",
                     "exactness"],
    "typoTolerance": {}, "pagination": {"maxTotalHits": 1000}, "searchCutoffMs": None,
    "faceting": {"maxValuesPerFacet": 100}, "prefixSearch": "indexingTime",
    "proximityPrecision": "byWord",
}  # fmt: skip


@dataclass(slots=True)
class StoredIndex:
    """Documents by id, and settings."""

    documents: dict[str, Json] = field(default_factory=dict)
    settings: Json = field(default_factory=lambda: copy.deepcopy(DEFAULTS))
    created_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat())

    def condition(self, text: str | None) -> Test:
        """Return the test of a filter; raises `ApiError`."""
        if not text:
            return lambda _document: True
        try:
            return parse(text, set(self.settings["filterableAttributes"]))
        except ValueError as error:  # `FilterError`, or a number that is none
            raise ApiError(400, "invalid_search_filter", str(error)) from error


class MeiliStore:
    """Everything that the server keeps, in memory."""

    def __init__(self) -> None:
        self.indexes: dict[str, StoredIndex] = {}
        self.tasks: list[Json] = []
        # Seconds that each task takes, and errors that the next tasks end with.
        self.delay = 0.0
        self.failing: list[Json] = []
        self._lock = threading.RLock()
        self._queue: queue.Queue[tuple[Json, Callable[[], None]] | None] = queue.Queue()
        self._worker = threading.Thread(target=self._work, daemon=True)
        self._worker.start()

    def close(self) -> None:
        """Finish the queued tasks, then stop."""
        self._queue.put(None)
        self._worker.join()

    # Tasks.

    def enqueue(self, kind: str, uid: str | None, work: Callable[[], None]) -> Json:
        """Queue a write; return the summary of its task."""
        with self._lock:
            task = {
                "uid": len(self.tasks), "indexUid": uid, "status": "enqueued", "type": kind,
                "error": None, "enqueuedAt": datetime.now(UTC).isoformat(),
            }  # fmt: skip
            self.tasks.append(task)
        summary = {**task, "taskUid": task["uid"]}
        self._queue.put((task, work))
        return summary

    def _work(self) -> None:
        while (job := self._queue.get()) is not None:
            task, work = job
            task["status"] = "processing"
            time.sleep(self.delay)
            try:
                self._fail_if_told()
                with self._lock:
                    work()
            except ApiError as error:
                task["error"] = error.body
                task["status"] = "failed"
            else:
                task["status"] = "succeeded"

    def _fail_if_told(self) -> None:
        if self.failing:
            raise ApiError(500, **self.failing.pop(0))

    # Indexes.

    def index(self, uid: str) -> StoredIndex:
        """Return an index; raises `ApiError`."""
        if uid not in self.indexes:
            raise ApiError(404, "index_not_found", f"Index `{uid}` not found.")
        return self.indexes[uid]

    def describe(self, uid: str) -> Json:
        """Return what the server tells of an index."""
        created_at = self.index(uid).created_at
        return {"uid": uid, "primaryKey": "id", "createdAt": created_at, "updatedAt": created_at}

    def create(self, uid: str) -> None:
        """Create an index."""
        if uid in self.indexes:
            raise ApiError(409, "index_already_exists", f"Index `{uid}` already exists.")
        self.indexes[uid] = StoredIndex()

    def drop(self, uid: str) -> None:
        """Remove an index."""
        self.index(uid)
        del self.indexes[uid]

    def swap(self, pairs: Sequence[Mapping[str, list[str]]]) -> None:
        """Exchange the names of indexes."""
        for pair in pairs:
            one, other = pair["indexes"]
            self.indexes[one], self.indexes[other] = self.index(other), self.index(one)

    def set(self, uid: str, wanted: Json) -> None:
        """Change settings; a group keeps what is not named."""
        settings = self.indexes.setdefault(uid, StoredIndex()).settings
        for name, value in wanted.items():
            group = isinstance(value, dict) and isinstance(settings[name], dict)
            settings[name] = {**settings[name], **value} if group and name != "synonyms" else value
        settings["filterableAttributes"] = sorted(settings["filterableAttributes"])

    def add(self, uid: str, documents: Sequence[Json]) -> None:
        """Add or replace documents, all or none."""
        for document in documents:
            if not _ID.fullmatch(str(document["id"])):
                message = f"Document identifier `{document['id']}` is invalid."
                raise ApiError(400, "invalid_document_id", message)
        index = self.indexes.setdefault(uid, StoredIndex())
        index.documents |= {document["id"]: document for document in documents}

    def remove(self, uid: str, ids: Sequence[str]) -> None:
        """Remove documents; unknown ids are no error."""
        for document_id in ids:
            self.index(uid).documents.pop(document_id, None)

    def remove_where(self, uid: str, condition: str | None) -> None:
        """Remove what a filter matches."""
        index = self.index(uid)
        test = index.condition(condition)
        self.remove(uid, [key for key, document in index.documents.items() if test(document)])

    # Search. What else can score a document (a distance, a vector) belongs into `_score`.

    def search(self, queries: Sequence[Json], federation: Json) -> Json:
        """Run several queries on one index as one list, each document once."""
        with self._lock:
            uid = queries[0]["indexUid"]
            index = self.index(uid)
            matches = _matches(index, queries)
            ordered = sorted(matches.values(), key=lambda match: match["order"])
            # The first page is all that is asked for: our pages are cut after reranking.
            shown = ordered[: index.settings["pagination"]["maxTotalHits"]]
            shown = shown[: federation["hitsPerPage"]]
            documents = [match["document"] for match in matches.values()]
            facets = federation.get("facetsByIndex", {}).get(uid, [])
            return {
                "hits": [_hit(index, match) for match in shown],
                "totalHits": len(matches),
                "facetsByIndex": {uid: {"distribution": _counts(documents, facets)}},
            }


def check_settings(wanted: Json) -> None:
    """Refuse at once what the server refuses at once; raises `ApiError`."""
    if unknown := wanted.keys() - DEFAULTS.keys():
        raise ApiError(400, "bad_request", f"Unknown fields {sorted(unknown)}")
    for rule in wanted.get("rankingRules") or []:
        if rule not in RULES and not rule.endswith((":asc", ":desc")):
            raise ApiError(400, "invalid_settings_ranking_rules", f"`{rule}` is no rule")


def _matches(index: StoredIndex, queries: Sequence[Json]) -> dict[str, Json]:
    """Return the best match of each document."""
    matches: dict[str, Json] = {}
    for position, query in enumerate(queries):
        test = index.condition(query.get("filter"))
        for key, document in index.documents.items():
            score = _score(index, document, query)
            if score is None or not test(document):
                continue
            order = _order(index, document, query.get("sort", []), score)
            if key not in matches or order < matches[key]["order"]:
                matches[key] = {
                    "document": document, "order": order, "score": score, "position": position,
                }  # fmt: skip
    return matches


def _score(index: StoredIndex, document: Json, query: Json) -> float | None:
    """Return the score of a document; `None` where it does not match."""
    attributes = query.get("attributesToSearchOn") or index.settings["searchableAttributes"]
    rank = attribute_rank(document, query["q"], attributes, index.settings["synonyms"])
    weight = query.get("federationOptions", {}).get("weight", 1.0)
    return None if rank is None else float((1 - 0.05 * rank) * weight)


def _order(
    index: StoredIndex, document: Json, sort: Sequence[str], score: float
) -> tuple[Any, ...]:
    """Return the sort key of the ranking rules: custom ones, the query's sort, and words."""
    rules = index.settings["rankingRules"]
    steps: list[Any] = []
    for rule in (part for one in rules for part in (sort if one == "sort" else [one])):
        name, _, direction = rule.partition(":")
        if place := _GEO_POINT.fullmatch(name):
            steps.append(metres_to(document, float(place[1]), float(place[2])))
        elif direction:
            value = document.get(name, 0)
            steps.append(-value if direction == "desc" else value)
        elif rule == "words":
            steps.append(-score)
    return (*steps, document["id"])


def _hit(index: StoredIndex, match: Json) -> Json:
    names = index.settings["displayedAttributes"]
    shown = {name: value for name, value in match["document"].items() if name in names}
    federation = {"weightedRankingScore": match["score"], "queriesPosition": match["position"]}
    return {**shown, "_federation": federation}


def _counts(documents: Sequence[Json], facets: Sequence[str]) -> Json:
    return {
        name: dict(Counter(document[name] for document in documents if document.get(name)))
        for name in facets
    }
