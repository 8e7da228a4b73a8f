"""Where an import that was interrupted goes on, for lines that have no id to be known again by."""

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.publishing.models import ImportProgress


class Progress:
    """The lines of one file that are stored, committed with them."""

    def __init__(self, session: Session, root: Tenant, text: str, *, approve: bool) -> None:
        self._session = session
        self._root = root
        self._digest = hashlib.sha256(f"{approve}\n{text}".encode()).hexdigest()
        found = self._find()
        self._line = found.line if found else 0
        self._explaining_line = found.explaining_line if found else 0

    def is_stored(self, number: int, *, explains: bool) -> bool:
        """Return whether an interrupted run has dealt with a line."""
        return number <= (self._explaining_line if explains else self._line)

    def record(self, number: int, *, explaining: bool) -> None:
        """Record, in the transaction that stores them, that all lines up to one are dealt with."""
        row = self._find()
        if row is None:
            row = ImportProgress(tenant_id=self._root.id, digest=self._digest)
            self._session.add(row)
        if explaining:
            row.explaining_line = number
        else:
            row.line = number
        self._session.flush()

    def finish(self) -> None:
        """Forget the file: when it is imported once more, its lines are new ones."""
        row = self._find()
        if row is not None:
            self._session.delete(row)

    def _find(self) -> ImportProgress | None:
        query = select(ImportProgress).where(
            ImportProgress.tenant_id == self._root.id, ImportProgress.digest == self._digest
        )
        return self._session.scalar(query)
