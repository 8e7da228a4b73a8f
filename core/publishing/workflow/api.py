"""Create a draft publication with attachments, for plugins (exported by `core.sdk`)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.permissions import Actor
from core.publishing.content import Content, FileRef
from core.publishing.files.attachments import add_attachment
from core.publishing.files.validation import check_file
from core.publishing.guard.files import read_new_files
from core.publishing.models import Publication
from core.publishing.workflow.drafts import create_publication, save_content
from core.settings import current_settings
from core.storage.files import current_files


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to attach; `alt` is the alternative text of a picture."""

    name: str
    data: bytes
    alt: str = ""


def start_publication(
    session: Session,
    actor: Actor,
    tenant: Tenant,
    content: Content,
    files: Sequence[NewFile] = (),
) -> Publication:
    """Create a draft with attachments; people review and publish it as any other.

    Personal data in it is found and has to be decided about before it is handed in.
    Raises `Forbidden` without the permission to write, `Invalid` for wrong content or files.
    """
    most = current_settings().max_upload_bytes
    checked = [(check_file(new.name, new.data, most_bytes=most), new.alt) for new in files]
    read_new_files(session, tenant, [file for file, _alt in checked], content.item_id)
    publication = create_publication(session, actor, tenant, content)
    kept = tuple(
        FileRef(add_attachment(session, current_files(), publication, file).id, alt)
        for file, alt in checked
    )
    if kept:
        save_content(session, actor, publication, replace(content, files=kept))
    return publication
