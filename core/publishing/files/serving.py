"""Serve files safely: correct type, no content sniffing, no active content."""

from io import BytesIO

from flask import Response, request, send_file

from core.accounts.access import may
from core.permissions import Action
from core.publishing.files.validation import SHOWN_INLINE
from core.publishing.models import Attachment, Publication
from core.storage.files import current_files

# Whatever the bytes are, they load nothing, run nothing and know nothing of this site.
POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"
# The bytes at an address never change. Only the reader's own device keeps them: what is
# withdrawn must not live on in caches between.
PUBLIC_CACHE = "private, max-age=31536000, immutable"
STAFF_CACHE = "private, no-store"


def staff_may_see(publication: Publication) -> bool:
    """Return whether the person may see its unpublished files: who may read its drafts."""
    return may(Action.READ_DRAFTS, publication.tenant, organ=publication.organ_id)


def file_response(attachment: Attachment, *, public: bool) -> Response:
    """Send a file; pictures and PDF are shown inline, everything else is downloaded."""
    response = send_file(
        BytesIO(current_files().get(attachment.sha256)),
        mimetype=attachment.media_type,
        as_attachment=attachment.media_type not in SHOWN_INLINE,
        download_name=attachment.filename,
        etag=attachment.sha256,
        conditional=False,
    )
    return _secure(response, attachment.size, public=public)


def send_picture(digest: str, media_type: str, *, public: bool) -> Response:
    """Send a photograph of the file store, which `check_file` has encoded anew.

    Raises `NotFound` where the store has lost it.
    """
    data = current_files().get(digest)
    response = send_file(BytesIO(data), mimetype=media_type, etag=digest, conditional=False)
    return _secure(response, len(data), public=public)


def _secure(response: Response, size: int | None, *, public: bool) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = PUBLIC_CACHE if public else STAFF_CACHE
    response.make_conditional(request, accept_ranges=True, complete_length=size)
    return response
