"""`gongkai sync …`: compare lists of villages and of the government now."""

from collections import Counter

import click
from sqlalchemy import select

from core import sdk
from core.sdk import Scope

from .comparing.service import compare_changed
from .models.sync import SyncComparison


@click.group("sync", help="Village and government lists: what agrees, what differs.")
def sync() -> None:
    """Group the commands of village-affairs sync."""


@sync.command("compare")
@sdk.json_option
@sdk.command_errors
def compare_command(*, as_json: bool) -> None:
    """Compare what has changed, as the job does; print how many comparisons are in each state."""
    villages = compare_changed()
    with sdk.open_session(Scope.platform("sync compare")) as session:
        states = Counter(session.scalars(select(SyncComparison.state)))
    body = {"villages": villages, "states": dict(sorted(states.items()))}
    lines = (f"{state}\t{count}" for state, count in sorted(states.items()))
    sdk.print_result(body, as_json=as_json, text=lambda: "\n".join((f"{villages}", *lines)))
