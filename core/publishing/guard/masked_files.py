"""A masked copy of an attachment, which takes its place in the content: one press at the field.

The copy is made in a process of its own before anything is written, and is searched again by the
reader that wrote it: where anything is left, there is none.
"""

from dataclasses import dataclass, replace

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.errors import Invalid
from core.privacy.files import ScanError, mask_file
from core.publishing.content import Content
from core.publishing.files.attachments import add_attachment
from core.publishing.files.validation import CheckedFile, check_file
from core.publishing.guard.files import PATIENCE_OF_PAGES, read_new_files
from core.publishing.guard.settings.rules import load_rules
from core.publishing.models import Attachment, Publication
from core.settings import current_settings
from core.storage.files import MissingFile, current_files


@dataclass(frozen=True, slots=True)
class MaskedCopy:
    """The masked copy of an attachment, not stored yet."""

    file_id: int
    file: CheckedFile


def build_masked_copy(
    session: Session, attachment: Attachment, tenant: Tenant, item_id: str | None
) -> MaskedCopy:
    """Build the masked copy of a file; raises `Invalid` at `files` where none can be made.

    Of a PDF there is none: only its words could be written.
    """
    rules = load_rules(session, tenant, item_id)
    try:
        copy = mask_file(
            attachment.media_type, current_files().get(attachment.sha256), rules,
            patience=PATIENCE_OF_PAGES,
        )  # fmt: skip
    except (ScanError, MissingFile) as error:
        raise _refuse(attachment) from error
    if copy.is_text_only:
        raise _refuse(attachment)
    most = current_settings().max_upload_bytes
    checked = check_file(attachment.filename, copy.data, most_bytes=most)
    read_new_files(session, tenant, [checked], item_id)
    return MaskedCopy(attachment.id, checked)


def _refuse(attachment: Attachment) -> Invalid:
    message = _(
        "No masked copy of “%(name)s” can be made: mask it yourself and attach it again.",
        name=attachment.filename,
    )
    return Invalid({"files": message})


def put_in_place(
    session: Session, publication: Publication, content: Content, copy: MaskedCopy
) -> Content:
    """Store a masked copy and return the content with it in place of the file."""
    stored = add_attachment(session, current_files(), publication, copy.file)
    files = tuple(
        replace(file, id=stored.id) if file.id == copy.file_id else file for file in content.files
    )
    return replace(content, files=files)
