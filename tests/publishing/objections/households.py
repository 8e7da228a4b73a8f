"""A list of households in its publicity period, and the desk where objections to it arrive."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from core.db.scope import Scope, open_session
from core.messages.models import MessageCase
from core.publishing.lists.domain.model import ColumnType, ListData, TypedColumn
from core.publishing.models import Publication
from core.testing.pages import url_for

#: A Monday; the period of seven days ends on Sunday, 8 March 2026.
FIRST, LAST = date(2026, 3, 2), date(2026, 3, 8)
TITLE = "2026年耕地地力保护补贴公示"
ROWS = (("1", "马某", "12.5"), ("2", "杨某", "8"), ("3", "王某", "6.2"))
COLUMNS = (
    TypedColumn("c1", "序号", ColumnType.TEXT),
    TypedColumn("c2", "户主", ColumnType.NAME),
    TypedColumn("c3", "面积", ColumnType.NUMBER, "亩"),
)
FORM = "publishing.objection"
HOUSEHOLDS = ListData(COLUMNS, ROWS)


@dataclass(frozen=True)
class Desk:
    """A browser in which people of the village, the township and the county sign in."""

    client: Any
    tree: Any
    sign_in: Any

    def do(self, endpoint, number, status, at=None, **words):
        """Send a form of a message's staff page, as it shows the message now."""
        at = at or self.tree.village
        page = self.client.get(url_for("messages_console.show", number, place=at))
        version = page.select("//input[@name='version']/@value")[0]
        address = url_for(f"messages_console.{endpoint}", number, place=at)
        return self.client.post(address, data={"version": version} | words, status=status)

    def key_in(self, number, status=303, **words):
        """Key in what somebody said by telephone."""
        address = url_for("publishing_objections.add", number, place=self.tree.village)
        told = {"channel": "phone", "came_on": str(FIRST), "text": "漏了一户"} | words
        return self.client.post(address, data=told, status=status)

    def answer(self, outcome, at=None, people=("clerk", "reviewer")):
        """Write a reply with an outcome, and have a second person pass it."""
        at = at or self.tree.village
        number = load_cases(at)[0].number
        self.sign_in(people[0])
        self.do("answer", number, 303, at, act="draft", reply="已核实。", outcome=outcome)
        self.sign_in(people[1])
        self.do("judge", number, 303, at, act="reply")

    def panel(self, number):
        """What the page of the list says of objections."""
        page = self.client.get(url_for("publishing.show", number, place=self.tree.village))
        return page.select("string(//section[@aria-labelledby='objections'])")


def load_cases(tenant):
    """All message cases of a place."""
    with open_session(Scope.own(tenant)) as session:
        return session.query(MessageCase).order_by(MessageCase.id).all()


def change(tenant, number, **columns):
    """Change columns of a publication below its workflow."""
    with open_session(Scope.own(tenant)) as session:
        publication = session.get_one(Publication, number)
        for name, value in columns.items():
            setattr(publication, name, value)
