"""Indexes, documents, tasks and keys of our small server; writes are tasks that end later."""

import copy
import hashlib
import hmac
import queue
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from core.testing.meili.filters import FilterError, Test, parse
from core.testing.meili.matching import place_of

Json = dict[str, Any]

_ID = re.compile(r"[A-Za-z0-9_-]{1,511}")
_RULES = {"words", "typo", "proximity", "attributeRank", "wordPosition", "attribute", "sort",
          "exactness"}  # fmt: skip
DEFAULTS: Json = {
    "searchableAttributes": ["*"], "filterableAttributes": [], "sortableAttributes": [],
    "displayedAttributes": ["*"], "synonyms": {}, "stopWords": [], "localizedAttributes": None,
    "rankingRules": ["words", "typo", "proximity", "attributeRank", "sort", "wordPosition",
                     "exactness"],
    "typoTolerance": {}, "pagination": {"maxTotalHits": 1000}, "searchCutoffMs": None,
    "faceting": {"maxValuesPerFacet": 100, "sortFacetValuesBy": {"*": "alpha"}},
    "prefixSearch": "indexingTime", "proximityPrecision": "byWord",
}  # fmt: skip


class ApiError(Exception):
    """A refusal, as the server words it."""

    def __init__(self, status: int, code: str, message: str, kind: str = "invalid_request") -> None:
        super().__init__(message)
        self.status = status
        self.body = {"message": message, "code": code, "type": kind, "link": ""}


@dataclass(slots=True)
class Index:
    """Documents by id, and settings."""

    documents: dict[str, Json] = field(default_factory=dict)
    settings: Json = field(default_factory=lambda: copy.deepcopy(DEFAULTS))
    born: str = field(default_factory=lambda: datetime.now(UTC).isoformat())

    def condition(self, text: str | None) -> Test:
        """The test of a filter; raises `ApiError`."""
        if not text:
            return lambda _document: True
        try:
            return parse(text, set(self.settings["filterableAttributes"]))
        except (FilterError, ValueError) as error:
            raise ApiError(400, "invalid_search_filter", str(error)) from error


class Store:
    """Everything that the server keeps, in memory."""

    def __init__(self, master_key: str, delay: float = 0.0) -> None:
        self.master_key = master_key
        self.indexes: dict[str, Index] = {}
        self.keys: dict[str, Json] = {}
        self.tasks: list[Json] = []
        self.delay = delay
        # Errors that the next tasks end with, whatever they do.
        self.failing: list[Json] = []
        self._lock = threading.RLock()
        self._queue: queue.Queue[tuple[Json, Callable[[], None]] | None] = queue.Queue()
        self._worker = threading.Thread(target=self._work, daemon=True)
        self._worker.start()

    def close(self) -> None:
        """Finish what waits, then stop."""
        self._queue.put(None)
        self._worker.join()

    # Tasks.

    def enqueue(self, kind: str, uid: str | None, work: Callable[[], None]) -> Json:
        """Put a write in the queue; answer how it can be asked for."""
        with self._lock:
            task = {
                "uid": len(self.tasks), "indexUid": uid, "status": "enqueued", "type": kind,
                "error": None, "enqueuedAt": datetime.now(UTC).isoformat(),
            }  # fmt: skip
            self.tasks.append(task)
        self._queue.put((task, work))
        told = {key: task[key] for key in ("indexUid", "status", "type", "enqueuedAt")}
        return {"taskUid": task["uid"], **told, "status": "enqueued"}

    def _work(self) -> None:
        while (job := self._queue.get()) is not None:
            task, work = job
            task["status"] = "processing"
            time.sleep(self.delay)
            try:
                self._do(work)
            except ApiError as error:
                task["error"] = error.body
                task["status"] = "failed"
            else:
                task["status"] = "succeeded"

    def _do(self, work: Callable[[], None]) -> None:
        if self.failing:
            raise ApiError(500, **self.failing.pop(0))
        with self._lock:
            work()

    # Indexes.

    def index(self, uid: str) -> Index:
        """An index; raises `ApiError`."""
        if uid not in self.indexes:
            raise ApiError(404, "index_not_found", f"Index `{uid}` not found.")
        return self.indexes[uid]

    def create(self, uid: str) -> None:
        """Create an index."""
        if uid in self.indexes:
            raise ApiError(409, "index_already_exists", f"Index `{uid}` already exists.")
        self.indexes[uid] = Index()

    def drop(self, uid: str) -> None:
        """Remove an index."""
        self.index(uid)
        del self.indexes[uid]

    def swap(self, pairs: Sequence[Mapping[str, list[str]]]) -> None:
        """Let indexes change their names."""
        for pair in pairs:
            one, other = pair["indexes"]
            self.indexes[one], self.indexes[other] = self.index(other), self.index(one)

    def check_settings(self, wanted: Json) -> None:
        """Refuse at once what the server would refuse at once."""
        unknown = wanted.keys() - DEFAULTS.keys()
        if unknown:
            raise ApiError(400, "bad_request", f"Unknown fields {sorted(unknown)}")
        for rule in wanted.get("rankingRules") or []:
            if rule not in _RULES and not rule.endswith((":asc", ":desc")):
                raise ApiError(400, "invalid_settings_ranking_rules", f"`{rule}` is no rule")

    def set(self, uid: str, wanted: Json) -> None:
        """Change settings; a group keeps what is not named."""
        held = self.indexes.setdefault(uid, Index()).settings
        for name, value in wanted.items():
            both = isinstance(value, dict) and isinstance(held[name], dict) and name != "synonyms"
            held[name] = {**held[name], **value} if both else value
        held["filterableAttributes"] = sorted(held["filterableAttributes"])

    def add(self, uid: str, documents: Sequence[Json]) -> None:
        """Add or replace documents, all or none."""
        for document in documents:
            if not _ID.fullmatch(str(document.get("id", ""))):
                message = f"Document identifier `{document.get('id')}` is invalid."
                raise ApiError(400, "invalid_document_id", message)
        index = self.indexes.setdefault(uid, Index())
        for document in documents:
            index.documents.pop(document["id"], None)
            index.documents[document["id"]] = document

    def remove(self, uid: str, ids: Sequence[str]) -> None:
        """Remove documents; unknown ids are no error."""
        index = self.index(uid)
        for one in ids:
            index.documents.pop(one, None)

    def clear(self, uid: str) -> None:
        """Remove every document."""
        self.index(uid).documents.clear()

    def remove_where(self, uid: str, condition: str) -> None:
        """Remove what a filter finds."""
        test = self.index(uid).condition(condition)
        self.remove(uid, [key for key, one in self.index(uid).documents.items() if test(one)])

    # Search.

    def federated(self, queries: Sequence[Json], federation: Json) -> Json:
        """Several queries on one index as one list, each document once."""
        with self._lock:
            uid = queries[0]["indexUid"]
            index = self.index(uid)
            found = self._found(index, queries)
            ordered = sorted(found.values(), key=lambda one: one["order"])
            per_page, page = federation.get("hitsPerPage", 20), federation.get("page", 1)
            shown = ordered[: index.settings["pagination"]["maxTotalHits"]]
            first = (page - 1) * per_page
            hits = [_displayed(index, one) for one in shown[first : first + per_page]]
            facets = federation.get("facetsByIndex", {}).get(uid)
            answer: Json = {"hits": hits, "totalHits": len(found), "page": page}
            if facets:
                documents = [one["document"] for one in found.values()]
                answer["facetsByIndex"] = {uid: {"distribution": _counted(documents, facets)}}
            return answer

    def _found(self, index: Index, queries: Sequence[Json]) -> dict[str, Json]:
        found: dict[str, Json] = {}
        for position, query in enumerate(queries):
            attributes = query.get("attributesToSearchOn") or index.settings["searchableAttributes"]
            test = index.condition(query.get("filter"))
            weight = query.get("federationOptions", {}).get("weight", 1.0)
            for key, document in index.documents.items():
                place = place_of(document, query["q"], attributes, index.settings["synonyms"])
                if place is None or not test(document):
                    continue
                score = (1 - 0.05 * place) * weight
                order = _order(index, document, query.get("sort", []), score)
                if key not in found or order < found[key]["order"]:
                    found[key] = {"document": document, "order": order, "score": score,
                                  "position": position}  # fmt: skip
        return found

    # Keys.

    def create_key(self, wanted: Json) -> Json:
        """Make a key; its value follows from the master key and its uid, as with the server."""
        if "version" in wanted["actions"] and wanted["indexes"] != ["*"]:
            message = "cannot create index-scoped API key with a global action"
            raise ApiError(400, "index_scoped_api_key_with_global_action", message)
        uid = wanted.get("uid") or str(uuid4())
        value = hmac.new(self.master_key.encode(), uid.encode(), hashlib.sha256).hexdigest()
        self.keys[value] = {
            "name": None, "description": None, "expiresAt": None, **wanted, "uid": uid,
            "key": value, "createdAt": datetime.now(UTC).isoformat(),
            "updatedAt": datetime.now(UTC).isoformat(),
        }  # fmt: skip
        return self.keys[value]


def _order(index: Index, document: Json, sort: Sequence[str], score: float) -> tuple[Any, ...]:
    """Custom rules first where the settings say so, then the words."""
    rules = index.settings["rankingRules"]
    steps: list[Any] = []
    for rule in (part for one in rules for part in (sort if one == "sort" else [one])):
        name, _, direction = rule.partition(":")
        if direction:
            value = document.get(name, 0)
            steps.append(-value if direction == "desc" else value)
        elif rule == "words":
            steps.append(-score)
    return (*steps, document["id"])


def _displayed(index: Index, one: Json) -> Json:
    names = index.settings["displayedAttributes"]
    shown = {name: value for name, value in one["document"].items() if name in names}
    federation = {"weightedRankingScore": one["score"], "queriesPosition": one["position"]}
    return {**shown, "_federation": federation}


def _counted(documents: Sequence[Json], facets: Sequence[str]) -> Json:
    return {
        name: dict(Counter(document[name] for document in documents if document.get(name)))
        for name in facets
    }
