"""A program that changes many findable things, ten in each transaction, and says how far it is."""

import sys
from collections.abc import Iterator

from core.app import create_app
from core.db.scope import open_session
from core.settings import load_settings
from core.tenancy.domain import Level
from core.tenancy.service import create_tenant, get_tenant

TOGETHER = 10


def add_places(count: int, together: int = TOGETHER) -> Iterator[int]:
    """Add villages of the small tree's town; yields after each transaction."""
    for start in range(0, count, together):
        with open_session(None) as session:
            town = get_tenant(session, "990111100")
            for number in range(start, min(start + together, count)):
                create_tenant(
                    session, code=f"8{number:011d}", name=f"新村{number}", level=Level.VILLAGE,
                    parent=town, kind="village",
                )  # fmt: skip
        yield start


if __name__ == "__main__":
    with create_app(load_settings()).app_context():
        for done in add_places(int(sys.argv[1])):
            print(done, flush=True)
