"""What a process knows of a county's words, from one session to the next."""

from sqlalchemy import select

from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.search.query.vocabulary import Vocabulary


def test_nothing_that_is_cached_belongs_to_a_session(tree):
    vocabulary = Vocabulary()
    for _request in range(2):
        with open_session(Scope.platform("test")) as session:
            tenant = session.scalars(select(Tenant).where(Tenant.id == tree.county.id)).one()
            vocabulary.words(session, tenant)
            session.rollback()  # as after a form with a mistake: rows of this session expire
