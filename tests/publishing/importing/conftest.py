"""Imports into a small county, and what came of them."""

import json

import pytest
from sqlalchemy import select

from core.db.scope import Scope, open_session
from core.db.turns import WriterTurns
from core.permissions import OPERATOR
from core.publishing.importing.files import LineFiles
from core.publishing.importing.importer import PublicationImport
from core.publishing.models import Publication


@pytest.fixture
def take(app, tree, monkeypatch):
    """Import lines into the county, or elsewhere, in short transactions as the command does."""
    monkeypatch.setattr("core.db.turns.PAUSE_SECONDS", 0)

    def run(
        *lines, root=None, approve=True, actor=OPERATOR, folder=None, progress=lambda lines: None
    ):
        text = "\n".join(
            line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)
            for line in lines
        )
        root = root or tree.county
        files = LineFiles(folder, app.extensions["files"], 10**6) if folder else None
        with app.test_request_context(), open_session(Scope.subtree(root, "test")) as session:
            importer = PublicationImport(
                session,
                actor,
                root,
                approve=approve,
                files=files,
                turns=WriterTurns(session),
                progress=progress,
            )
            return importer.run(text)

    return run


@pytest.fixture
def one(platform):
    """The only publication, or the one of a source id."""

    def find(source_id=None):
        platform.expire_all()
        query = select(Publication)
        if source_id:
            query = query.where(Publication.source_id == source_id)
        return platform.scalars(query).one()

    return find
