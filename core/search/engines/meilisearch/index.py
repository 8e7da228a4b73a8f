"""One index of a Meilisearch server: settings, writes as tasks, swapping."""

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from core.search.document import SearchDocument
from core.search.engines.base import BackendUnavailableError, WriteOutcome, WriteState, WriteTicket
from core.search.engines.meilisearch.client import Connection, to_outcome
from core.search.engines.meilisearch.filters import OneOf
from core.search.engines.meilisearch.schema import (
    OLDER_RULES,
    differences,
    to_meili,
    wanted_settings,
)

if TYPE_CHECKING:
    from meilisearch import Client

PAGE_SIZE = 1_000
PATIENCE = 120.0
FIRST_LOOK, LAST_LOOK = 0.01, 0.25


class MeiliIndex:
    """An index by its uid; every write is a task of the server."""

    def __init__(self, connection: Connection, uid: str) -> None:
        self.uid = uid
        self._connection = connection

    def settings(self) -> dict[str, Any] | None:
        """Return its settings, or `None` where there is no such index."""
        from meilisearch.errors import MeilisearchApiError

        with self._connection.writing() as client:
            try:
                return dict(client.index(self.uid).get_settings())
            except MeilisearchApiError as error:
                if error.code == "index_not_found":
                    return None
                raise

    def create(self) -> None:
        """Create it with our settings."""
        with self._connection.writing() as client:
            task = client.create_index(self.uid, {"primaryKey": "id"})
        self.finish(task.task_uid)
        self.apply_settings()

    def apply_settings(self) -> None:
        """Update the settings and verify them."""
        with self._connection.writing() as client:
            task = _update_settings(client, self.uid)
        self.finish(task)
        if left := differences(self.settings() or {}):
            raise BackendUnavailableError(f"settings not taken: {', '.join(left)}")

    def count(self) -> int:
        """Return the number of documents."""
        with self._connection.writing() as client:
            return int(client.index(self.uid).get_stats().number_of_documents)

    def versions(self) -> Iterator[tuple[str, int]]:
        """Yield id and version of every document."""
        offset, total = 0, 1
        while offset < total:
            with self._connection.writing() as client:
                page = client.index(self.uid).get_documents(
                    {"fields": ["id", "version"], "offset": offset, "limit": PAGE_SIZE}
                )
            for document in page.results:
                yield document.id, int(document.version)
            offset, total = offset + PAGE_SIZE, page.total

    def add(self, documents: Sequence[SearchDocument]) -> WriteTicket:
        """Add or replace documents."""
        laid_out = [to_meili(document) for document in documents]
        with self._connection.writing() as client:
            task = client.index(self.uid).add_documents(laid_out, primary_key="id")
        return WriteTicket(str(task.task_uid))

    def remove(self, ids: Iterable[str]) -> WriteTicket:
        """Remove documents by id."""
        # The client's method for ids is deprecated, and filters ignore case.
        with self._connection.writing() as client:
            answer = client.http.post(f"indexes/{self.uid}/documents/delete-batch", list(ids))
        return WriteTicket(str(answer["taskUid"]))

    def remove_below(self, tenant: int) -> WriteTicket:
        """Remove what a tenant and those below it own."""
        with self._connection.writing() as client:
            condition = str(OneOf("scope", (tenant,)))
            task = client.index(self.uid).delete_documents(filter=condition)
        return WriteTicket(str(task.task_uid))

    def swap_with(self, other: "MeiliIndex") -> None:
        """Swap names with another index atomically."""
        wanted, until = other.born(), time.monotonic() + PATIENCE
        with self._connection.writing() as client:
            client.swap_indexes([{"indexes": [self.uid, other.uid]}])
        # A key that is limited to these indexes may swap, but not read the task of the swap.
        while self.born() != wanted:
            if time.monotonic() > until:
                raise BackendUnavailableError("the new index did not take the place of the old one")
            time.sleep(LAST_LOOK)

    def born(self) -> str:
        """Return when the index was created; a swap does not change it."""
        with self._connection.writing() as client:
            return str(client.get_raw_index(self.uid)["createdAt"])

    def drop(self) -> None:
        """Remove the index."""
        with self._connection.writing() as client:
            task = client.delete_index(self.uid)
        self.finish(task.task_uid)

    def namesakes(self, start: str) -> list["MeiliIndex"]:
        """List indexes of the server by prefix of their uid."""
        with self._connection.writing() as client:
            found = client.get_indexes({"limit": PAGE_SIZE})["results"]
        uids = [index.uid for index in found if index.uid.startswith(start)]
        return [MeiliIndex(self._connection, uid) for uid in uids]

    def wait(self, ticket: WriteTicket, timeout: float) -> WriteOutcome:
        """Poll with growing pauses until the task has ended or the time is up."""
        until, pause = time.monotonic() + timeout, FIRST_LOOK
        while True:
            with self._connection.writing() as client:
                task = client.get_task(int(ticket.key))
            outcome = to_outcome(task.status, task.error)
            if outcome.state is not WriteState.PENDING or time.monotonic() >= until:
                return outcome
            time.sleep(pause)
            pause = min(LAST_LOOK, pause * 1.5)

    def finish(self, task: int | str) -> None:
        """Wait for a task; raises `BackendUnavailableError` unless it succeeds."""
        outcome = self.wait(WriteTicket(str(task)), PATIENCE)
        if outcome.state is not WriteState.DONE:
            raise BackendUnavailableError(outcome.detail or "the server is still busy")


def _update_settings(client: "Client", uid: str) -> int:
    from meilisearch.errors import MeilisearchApiError

    wanted = wanted_settings()
    try:
        return int(client.index(uid).update_settings(wanted).task_uid)
    except MeilisearchApiError as error:
        if error.code != "invalid_settings_ranking_rules":
            raise
    older = {**wanted, "rankingRules": OLDER_RULES}
    return int(client.index(uid).update_settings(older).task_uid)
