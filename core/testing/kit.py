"""What tests of plugins may see of the kit's inside: its rows, and its jobs run at once.

A plugin itself uses the kit through `core.sdk`; its tests also ask what the kit has kept: notices
that wait and how they read, the audit log, answers of questionnaires, votes, deliveries of
webhooks, changes to index.
`deliver_webhooks` and `erase_due` are the jobs that a worker runs on time.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit.models import AuditEntry
from core.messages.models import MessageContact
from core.notifications.models import QueuedNotice
from core.notifications.templates import render_notice
from core.questionnaires.models import QuestionnaireAnswer
from core.retention.fields import list_personal_fields
from core.retention.service import erase_due
from core.search.indexing.indexer import drain
from core.search.models import SearchOutbox
from core.search.registry import search_engine
from core.voting.models import PublicVote
from core.webhooks.delivery import deliver_webhooks
from core.webhooks.models import WebhookDelivery, WebhookEndpoint

__all__ = [
    "AuditEntry",
    "MessageContact",
    "PublicVote",
    "QuestionnaireAnswer",
    "QueuedNotice",
    "WebhookDelivery",
    "WebhookEndpoint",
    "deliver_webhooks",
    "erase_due",
    "index_changes",
    "list_personal_fields",
    "list_queued_topics",
    "list_search_changes",
    "open_search_index",
    "render_notice",
]


def list_queued_topics(session: Session, feature: str, subject: str = "") -> list[str]:
    """List topics of a feature's notices, in the order of queueing; of one subject where given."""
    query = select(QueuedNotice.topic).where(QueuedNotice.topic.startswith(f"{feature}."))
    if subject:
        query = query.where(QueuedNotice.subject == subject)
    topics = session.scalars(query.order_by(QueuedNotice.id))
    return [topic.removeprefix(f"{feature}.") for topic in topics]


def list_search_changes(session: Session, kind: str) -> list[str]:
    """List the keys of the documents of a kind that wait to be indexed."""
    query = select(SearchOutbox.pk).where(SearchOutbox.kind == kind).order_by(SearchOutbox.id)
    return list(session.scalars(query))


def open_search_index() -> None:
    """Create the index, so that changes from here on are found."""
    search_engine().backend.ensure()


def index_changes() -> None:
    """Index all that has changed."""
    drain(search_engine())
