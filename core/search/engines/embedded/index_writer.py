"""Write to a tantivy index: single changes, and whole indexes built beside the current one."""

import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tantivy import Index, IndexWriter

from core.search.document import SearchDocument
from core.search.engines.base import BackendUnavailableError
from core.search.engines.embedded.schema import to_index

# Memory before a segment is flushed, in bytes: small for a change, large for a rebuild.
WRITER_BYTES, REBUILD_BYTES = 50_000_000, 400_000_000


class EmbeddedRebuild:
    """An index that is built beside the current one and read only once it is published.

    It is written in one commit: fewer, larger segments take less space and answer faster.
    """

    def __init__(self, path: Path, publish: Callable[[str], None]) -> None:
        self._path = path
        self._publish = publish
        self._writer = open_writer(path, REBUILD_BYTES)

    def upsert(self, documents: Sequence[SearchDocument]) -> None:
        """Add or replace documents."""
        put(self._writer, documents)

    def delete(self, ids: Iterable[str]) -> None:
        """Remove documents by id."""
        remove(self._writer, ids)

    def publish(self) -> None:
        """Commit, and make this index the current one."""
        with self._writer:
            pass
        self._publish(self._path.name)

    def abort(self) -> None:
        """Discard this index."""
        self._writer.rollback()
        shutil.rmtree(self._path, ignore_errors=True)


def open_writer(path: Path, heap: int = WRITER_BYTES) -> IndexWriter:
    """Open a writer on a freshly opened index; raises `BackendUnavailableError`."""
    try:
        return Index.open(str(path)).writer(heap_size=heap, num_threads=1)
    except (OSError, ValueError) as error:
        raise BackendUnavailableError(str(error)) from error


def write_index(path: Path, change: Callable[[IndexWriter], None]) -> None:
    """Apply a change and commit; roll back on an error, and release the lock."""
    with open_writer(path) as writer:
        change(writer)


def put(writer: IndexWriter, documents: Sequence[SearchDocument]) -> None:
    """Add documents, replacing those with the same id."""
    for document in documents:
        writer.delete_documents_by_term("id", document.id)
        writer.add_document(to_index(document))


def remove(writer: IndexWriter, ids: Iterable[str]) -> None:
    """Remove documents by id."""
    for document in ids:
        writer.delete_documents_by_term("id", document)
