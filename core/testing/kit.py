"""What tests of plugins may see of the kit's inside: its rows, and its jobs run at once.

A plugin itself uses the kit through `core.sdk`; its tests also ask what the kit has kept.
"""

from core.notifications.models import QueuedNotice
from core.notifications.templates import render_notice
from core.questionnaires.models import QuestionnaireAnswer
from core.retention.service import erase_due
from core.webhooks.delivery import deliver_webhooks
from core.webhooks.models import WebhookDelivery, WebhookEndpoint

__all__ = [
    "QuestionnaireAnswer",
    "QueuedNotice",
    "WebhookDelivery",
    "WebhookEndpoint",
    "deliver_webhooks",
    "erase_due",
    "render_notice",
]
