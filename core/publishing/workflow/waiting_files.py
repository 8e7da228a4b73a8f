"""Read files that took too long for a page: a job, so that their drafts can be handed in."""

from datetime import timedelta

from sqlalchemy import or_, select

from core.db.base import utc_now
from core.db.scope import Scope, open_session
from core.publishing.guard.files import PATIENCE_OF_JOBS, read_attachments
from core.publishing.models import Attachment, Publication
from core.publishing.workflow.drafts import get_working_content

PURPOSE = "files that have to be searched for personal data"
MOST = 50
_LATELY = timedelta(days=2)


def read_waiting_files() -> None:
    """Read the files of drafts that were changed lately and are not searched, each by itself.

    What is found is stored when the draft is saved or handed in: nobody who writes it now is
    overtaken by this job.
    """
    for tenant_id, number in _list_waiting():
        with open_session(Scope.platform(PURPOSE)) as session:
            publication = session.get(Publication, number)
            if publication is not None and publication.tenant_id == tenant_id:
                content = get_working_content(session, publication)
                read_attachments(session, publication.tenant, content, PATIENCE_OF_JOBS)


def _list_waiting() -> list[tuple[int, int]]:
    query = (
        select(Publication.tenant_id, Publication.id)
        .where(
            Publication.scanned_revision.is_(None),
            Publication.updated_at > utc_now() - _LATELY,
            or_(Publication.state.in_(("draft", "returned")), Publication.correction.is_not(None)),
            select(Attachment.id)
            .where(Attachment.publication_id == Publication.id, Attachment.is_photograph.is_(False))
            .exists(),
        )
        .order_by(Publication.updated_at)
        .limit(MOST)
    )
    with open_session(Scope.platform(PURPOSE)) as session:
        return [(tenant, number) for tenant, number in session.execute(query)]
