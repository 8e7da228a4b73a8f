"""What tests of pages in files do again and again: publish, write, look where nginx looks."""

from pathlib import Path

from core.clock import today
from core.db.scope import Scope, open_session
from core.publishing.content import Content
from core.publishing.vocabulary import NOTICE
from core.static_pages.falling import find_folder
from core.static_pages.folder import INDEX
from core.static_pages.service import list_places, write_all
from core.testing.factories.publishing import publish_at

HOST = "www.gov.example"


def sent(code: str, path: str = "") -> Path:
    """Where the web server looks for a page of today."""
    return find_folder().live / HOST / code / today().isoformat() / path / INDEX


def publish(place, title: str, **fields) -> int:
    with open_session(Scope.own(place)) as session:
        content = Content(title=title, body_source="正文", genre=NOTICE, **fields)
        return publish_at(session, place, content).id


def write(*codes: str):
    """Write the pages of these places, or of all."""
    return [result for code in codes or (None,) for _place, result in write_all(code)]


def place_named(tenant):
    return next(each for each in list_places() if each.code == tenant.division_code)
