"""One index of a Meilisearch server: its settings, what is written to it, and how that ended."""

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

LISTED = 1_000
PATIENCE = 120.0
FIRST_LOOK, LAST_LOOK = 0.01, 0.25


class MeiliIndex:
    """Every write is a task of the server; a ticket names it."""

    def __init__(self, connection: Connection, uid: str) -> None:
        self.uid = uid
        self._connection = connection

    def settings(self) -> dict[str, Any] | None:
        """The settings it has, or `None` where there is no such index."""
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
        """Write our settings and read them back."""
        with self._connection.writing() as client:
            task = _update_settings(client, self.uid)
        self.finish(task)
        if left := differences(self.settings() or {}):
            raise BackendUnavailableError(f"settings not taken: {', '.join(left)}")

    def count(self) -> int:
        """How many documents it holds."""
        with self._connection.writing() as client:
            return int(client.index(self.uid).get_stats().number_of_documents)

    def versions(self) -> Iterator[tuple[str, int]]:
        """Id and version of every document it holds."""
        offset, total = 0, 1
        while offset < total:
            with self._connection.writing() as client:
                page = client.index(self.uid).get_documents(
                    {"fields": ["id", "version"], "offset": offset, "limit": LISTED}
                )
            for document in page.results:
                yield document.id, int(document.version)
            offset, total = offset + LISTED, page.total

    def add(self, documents: Sequence[SearchDocument]) -> WriteTicket:
        """Add or replace documents."""
        laid_out = [to_meili(document) for document in documents]
        with self._connection.writing() as client:
            task = client.index(self.uid).add_documents(laid_out, primary_key="id")
        return WriteTicket(str(task.task_uid))

    def remove(self, ids: Iterable[str]) -> WriteTicket:
        """Remove documents by id."""
        # The client's own way by ids is to go, and a filter does not tell upper from lower case.
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
        """Let the other one have this name, and this one the other's."""
        wanted, until = other.born(), time.monotonic() + PATIENCE
        with self._connection.writing() as client:
            client.swap_indexes([{"indexes": [self.uid, other.uid]}])
        # A key for these indexes only may order the swap, but not ask how its task fares.
        while self.born() != wanted:
            if time.monotonic() > until:
                raise BackendUnavailableError("the new index did not take the place of the old one")
            time.sleep(LAST_LOOK)

    def born(self) -> str:
        """When what bears this name was created: it keeps that when it changes its name."""
        with self._connection.writing() as client:
            return str(client.get_raw_index(self.uid)["createdAt"])

    def drop(self) -> None:
        """Remove the index."""
        with self._connection.writing() as client:
            task = client.delete_index(self.uid)
        self.finish(task.task_uid)

    def namesakes(self, start: str) -> list["MeiliIndex"]:
        """Indexes of the server whose names begin so."""
        with self._connection.writing() as client:
            found = client.get_indexes({"limit": LISTED})["results"]
        return [MeiliIndex(self._connection, one.uid) for one in found if one.uid.startswith(start)]

    def wait(self, ticket: WriteTicket, timeout: float) -> WriteOutcome:
        """Look again and again, less and less often, until the task has ended."""
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
        """Wait for a task that has to go well."""
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
