"""500 voices at once over HTTP and several server processes: none lost, none doubled, no error."""

import pytest

from core.testing.pages import url_for
from tests.soak.votes import rush
from tests.voting.votes import BALLOT, PUBLIC, make_vote

# A server of several processes: tests beside it would slow down each other.
pytestmark = pytest.mark.alone

VOICES = 500


@pytest.mark.both_databases
def test_500_voices_at_once_are_all_counted_once(own, tree, county, settings, capsys):
    vote = make_vote(own, tree.county)
    own.commit()
    path = url_for(f"{PUBLIC}.form", vote.id, vote.subjects[0].id)
    report = rush(settings, path, BALLOT, VOICES)
    with capsys.disabled():
        print(f"\n{report}")
    report.check()
