"""N30: what is public is looked at again when rules change, and once only."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from core.db.scope import Scope, open_session
from core.publishing.archive import checking
from core.publishing.archive.checking import check_archive
from core.publishing.archive.commands import archive_command
from core.publishing.archive.models import ArchiveProgress
from core.publishing.guard.models import PublicationFinding
from core.publishing.models import Publication
from core.publishing.workflow.drafts import get_working_content, open_correction, save_content

pytestmark = pytest.mark.both_databases


def list_found(handling="open"):
    with open_session(Scope.platform("test")) as session:
        query = select(PublicationFinding).where(PublicationFinding.handling == handling)
        return [(one.publication_id, one.kind, one.count) for one in session.scalars(query)]


def test_a_number_that_is_kept_no_more_comes_up_once(public, set_kept, village, duty):
    first = public()
    assert check_archive().found == 0
    assert check_archive().checked == 0, "by these rules it was looked at"
    set_kept()
    outcome = check_archive()
    assert (outcome.checked, outcome.found, outcome.left) == (1, 1, 0)
    assert list_found() == [(first.id, "phone", 1)]
    assert check_archive().checked == 0
    village.expire_all()
    assert village.get_one(Publication, first.id).state == "published", "a program hides nothing"
    set_kept(duty)
    check_archive()
    assert list_found() == [], "what is allowed again leaves the desk"


def test_it_goes_on_where_it_was_stopped(public, set_kept, tree, monkeypatch):
    made = [public(title=f"公示{number}").id for number in range(3)]
    ticks = iter([0.0, 0.0, 99.0])
    monkeypatch.setattr(checking.time, "monotonic", lambda: next(ticks, 99.0))
    set_kept()
    outcome = check_archive(tree.county, seconds=50)
    assert (outcome.checked, outcome.left) == (1, 2)
    with open_session(Scope.platform("test")) as session:
        assert session.scalar(select(ArchiveProgress.left)) == 2
    assert check_archive(tree.other_county).checked == 0, "of another county"
    outcome = check_archive(tree.village)
    assert (outcome.checked, outcome.left) == (2, 0)
    assert sorted(list_found()) == [(number, "phone", 1) for number in made]


def test_one_that_fails_is_tried_again_and_nothing_is_half_stored(public, set_kept, monkeypatch):
    public()
    set_kept()
    monkeypatch.setattr(checking, "utc_now", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        check_archive()
    assert list_found() == []
    monkeypatch.undo()
    assert check_archive().checked == 1


def test_a_correction_that_is_being_written_is_not_disturbed(public, set_kept, village, people):
    publication = public()
    open_correction(village, people.clerk, publication)
    content = get_working_content(village, publication)
    save_content(village, people.clerk, publication, content, note="改")
    village.commit()
    version, searched = publication.revision, publication.scanned_revision
    set_kept()
    check_archive()
    set_kept("13900139000")
    check_archive()
    village.expire_all()
    assert (publication.revision, publication.scanned_revision) == (version, searched)
    assert list_found() == [(publication.id, "phone", 1)]


def test_the_command_says_what_it_found(public, set_kept, tree):
    public()
    set_kept()
    asked = ["--tenant", tree.village.division_code, "--json"]
    ran = CliRunner().invoke(archive_command, asked)
    assert json.loads(ran.stdout) == {"checked": 1, "found": 1, "left": 0}
