"""What the engine promises whatever is asked of it."""

import pytest
from sqlalchemy.exc import IntegrityError

from core.db.scope import Scope, open_session
from core.tenancy.models import Organ

pytestmark = pytest.mark.both_databases


def test_an_error_does_not_repeat_the_values_of_a_row(tree):
    """Errors end up in the log, and values may be personal."""
    with pytest.raises(IntegrityError) as raised, open_session(Scope.own(tree.town)) as session:
        session.add(Organ(tenant_id=tree.town.id, name=None, phone="13812345678"))
    assert "organ" in str(raised.value)
    assert "13812345678" not in str(raised.value)
