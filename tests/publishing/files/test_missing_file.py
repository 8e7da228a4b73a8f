"""A file that is not on the disk any more is said to be so; nothing ends in a failure."""

import pytest
from sqlalchemy import select

from core.permissions import OPERATOR
from core.publishing.content import Content
from core.publishing.models import Attachment
from core.publishing.workflow.api import NewFile, start_publication
from core.storage.files import MissingFile, current_files
from core.testing.pages import url_for
from tests.publishing.files.file_samples import pdf


@pytest.fixture
def attachment(village, tree):
    """A file of a draft, which its writers may open."""
    content = Content(title="公告", organ_id=None)
    start_publication(village, OPERATOR, tree.village, content, [NewFile("说明.pdf", pdf("一"))])
    village.commit()
    return village.scalars(select(Attachment)).one()


def delete_stored(settings, digest):
    [path] = (settings.data_dir / "files").rglob(digest)
    path.unlink()


def test_a_missing_file_is_a_page_with_a_message(attachment, sign_in, tree, settings):
    client = sign_in("clerk")
    address = url_for("publishing.file", attachment.id, attachment.filename, place=tree.village)
    assert client.get(address).headers["Content-Type"] == "application/pdf"
    delete_stored(settings, attachment.sha256)
    page = client.get(address, status=404)
    assert "服务器上已没有这个文件" in page.text


def test_missing_and_cut_off_files_are_listed(attachment, app, settings):
    store, digest = current_files(), attachment.sha256
    kept = store.put(b"whole")
    wanted = {digest: attachment.size, kept: 5}
    assert store.list_missing(wanted) == []
    assert store.list_missing(wanted | {kept: 6}) == [kept]
    delete_stored(settings, digest)
    assert store.list_missing(wanted) == [digest]
    with pytest.raises(MissingFile):
        store.get(digest)
