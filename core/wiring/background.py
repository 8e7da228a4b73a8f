"""What features do in the background, put together by whoever needs it first.

Few commands open the queue, search, or list what is kept of people; and what jobs do is half of the
program. So it is not loaded with the application (`core/app.py`), but when the queue is opened,
something is searched, or personal data is looked for. The web server loads it before it forks.
"""

from collections.abc import Iterator

from flask import Flask

from core.catalog.search.documents import search_kind as catalog_kind
from core.catalog.search.item_card import office_cards
from core.conversion.service import define_jobs as define_conversion_jobs
from core.jobs.queue import Jobs
from core.messages.personal_data import declare_personal_data as declare_messages
from core.messages.reminders import define_message_jobs
from core.notifications.personal_data import declare_personal_data as declare_notices
from core.notifications.sending import define_jobs as define_notice_jobs
from core.plugins.calls.jobs import join_jobs
from core.plugins.loading.host import get_host
from core.portal.search_documents import search_kind as place_kind
from core.publishing.batches.personal_data import declare_personal_data as declare_batches
from core.publishing.decisions.reminders import define_decision_jobs
from core.publishing.editing.personal_data import declare_personal_data as declare_unsaved
from core.publishing.jobs import define_jobs as define_publishing_jobs
from core.publishing.search.documents import search_kind as publication_kind
from core.retention.service import define_jobs as define_retention_jobs
from core.search.answer_cards import AnswerSource
from core.search.indexing.jobs import define_jobs as define_search_jobs
from core.search.indexing.plugin_kinds import where_on
from core.search.registry import SearchKind
from core.settings import Settings
from core.static_pages.jobs import define_jobs as define_static_jobs
from core.usage.service import define_usage_jobs
from core.voting.personal_data import declare_personal_data as declare_votes
from core.webhooks.delivery import define_jobs as define_webhook_jobs


def define_jobs(app: Flask, jobs: Jobs) -> None:
    """Define the jobs of all features, and those of the plugins."""
    settings: Settings = app.extensions["gongkai"]
    define_search_jobs(jobs, app.extensions["search"])
    define_publishing_jobs(jobs, app.extensions["files"])
    define_conversion_jobs(jobs)
    define_notice_jobs(jobs)
    define_message_jobs(jobs)
    define_decision_jobs(jobs)
    define_retention_jobs(jobs)
    define_webhook_jobs(jobs)
    define_static_jobs(jobs, settings)
    define_usage_jobs(jobs)
    join_jobs(app, jobs)


def list_search_kinds(app: Flask) -> Iterator[SearchKind]:
    """List the kinds of things that can be found; those of a plugin where it is on."""
    yield from (catalog_kind(), place_kind(), publication_kind())
    for name, plugin in get_host(app).plugins.items():
        yield from (where_on(kind, name) for kind in plugin.contributions.search_kinds)


def list_answer_sources() -> list[AnswerSource]:
    """List what answers above the hits, without the plugins."""
    return [office_cards]


def declare_personal_data() -> None:
    """Declare what the core keeps of people, field by field."""
    for declare in (
        declare_messages, declare_votes, declare_notices, declare_unsaved, declare_batches,
    ):  # fmt: skip
        declare()
