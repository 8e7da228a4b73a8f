"""Private links let in whoever has the address, and tell others nothing."""

import pytest

from core.accounts.private_links import LONGEST_TOKEN, WRONG, PrivateLinks
from core.db.scope import Scope, open_session
from core.errors import NotFound
from core.permissions import NOBODY
from core.web.context import Context
from plugins.open_day.models.followup import Nomination
from plugins.open_day.registrations.nominations import LINKS

ROW = Nomination(unit="县水务局")


@pytest.fixture
def ctx(app, tree):
    with (
        app.test_request_context(f"/{tree.county.division_code}/"),
        open_session(Scope.own(tree.county)) as session,
    ):
        yield Context(session, tree.county, NOBODY)


def test_what_is_kept_is_a_hash_of_its_own_purpose(app):
    secret = LINKS.make(ROW)
    assert len(secret) >= 32
    assert ROW.link_digest == LINKS.digest(secret) != secret
    assert PrivateLinks("other", Nomination.link_digest).digest(secret) != ROW.link_digest
    assert LINKS.make(ROW) != secret
    LINKS.withdraw(ROW)
    assert ROW.link_digest is None


@pytest.mark.parametrize("secret", ["", "x", "x" * (LONGEST_TOKEN + 1), "none'--"])
def test_what_fits_nothing_finds_nothing(ctx, secret):
    assert LINKS.find(ctx.session, ctx.tenant, secret) is None


def test_after_many_wrong_tries_also_the_right_link_leads_nowhere(ctx, monkeypatch):
    for _ in range(WRONG):
        with pytest.raises(NotFound):
            LINKS.load(ctx, "wrong")
    monkeypatch.setattr(PrivateLinks, "find", lambda *_: ROW)
    with pytest.raises(NotFound):
        LINKS.load(ctx, "right")
