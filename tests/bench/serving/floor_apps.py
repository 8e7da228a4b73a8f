"""What Flask costs by itself, served like Gongkai: the floors that pages are measured against.

`bare` answers with a few words. `keyed_read` reads one row by its key, through SQLAlchemy and the
driver that Gongkai uses, and renders it with a template that inherits a layout; its database is
named by `BENCH_FLOOR_DATABASE`.
"""

import os

from flask import Flask, render_template
from jinja2 import DictLoader
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

ROW = 500
THREADS = 16
_TEMPLATES = {
    "layout.html": """<!doctype html><html lang="zh"><head><title>{% block title %}{% endblock %}
</title></head><body><nav>{% for name, address in links %}<a href="{{ address }}">{{ name }}</a>
{% endfor %}</nav><main>{% block main %}{% endblock %}</main></body></html>""",
    "page.html": """{% extends "layout.html" %}{% block title %}{{ note.title }}{% endblock %}
{% block main %}<h1>{{ note.title }}</h1><p>{{ note.body }}</p>{% endblock %}""",
}
_LINKS = [(f"Part {number}", f"/part/{number}/") for number in range(10)]


class _Base(DeclarativeBase):
    pass


class FloorNote(_Base):
    """A row of a few words."""

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str]


def write_notes(url: str) -> None:
    """Make the table of the floor with a thousand rows."""
    engine = create_engine(url)
    _Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(
            FloorNote(id=number, title=f"停水通知{number}", body="周三上午停水。" * 40)
            for number in range(2 * ROW)
        )
        session.commit()
    engine.dispose()


def create_bare() -> Flask:
    """Build the application that answers with a few words."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "<!doctype html><title>公开</title><p>公开</p>")
    return app


def create_keyed_read() -> Flask:
    """Build the application that reads one row and renders it."""
    app = Flask(__name__)
    app.jinja_loader = DictLoader(_TEMPLATES)
    engine = create_engine(os.environ["BENCH_FLOOR_DATABASE"], pool_size=THREADS)

    @app.get("/<int:number>/")
    def show_note(number: int) -> str:
        with Session(engine) as session:
            note = session.get_one(FloorNote, number)
            return render_template("page.html", note=note, links=_LINKS)

    return app
