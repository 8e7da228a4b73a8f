"""Every table of the core, imported so that metadata and mappers are complete."""

import core.accounts.models
import core.audit.models
import core.calendar.models
import core.catalog.models
import core.conversion.models
import core.jobs.presence
import core.messages.models
import core.notifications.models
import core.plugins.models
import core.publishing.archive.models
import core.publishing.batches.models
import core.publishing.channels.models
import core.publishing.decisions.models
import core.publishing.editing.models
import core.publishing.guard.models
import core.publishing.lists.models
import core.publishing.models
import core.publishing.objections.models
import core.publishing.records.models
import core.publishing.reviewing.models
import core.publishing.takedown.models
import core.publishing.withheld.models
import core.questionnaires.models
import core.search.models
import core.tenancy.models
import core.usage.models
import core.voting.models
import core.web.rate_limit
import core.webhooks.models  # noqa: F401 - imported for their tables
