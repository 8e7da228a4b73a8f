"""Publishing is wholly before or wholly after, and fifty at once get fifty numbers (N3, N29).

Here a process is killed at every fifth statement, other ones on each database, and two processes
publish at once; `python -m tests.soak --only publishing` takes every statement and ten processes.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.publishing.workflow.drafts import submit

pytestmark = pytest.mark.both_databases

ROOT = Path(__file__).parents[3]
EVERY = int(os.environ.get("GONGKAI_TEST_EVERY", "5"))
AT_ONCE, PROCESSES = 50, 10 // EVERY
FIRST = {"sqlite": 0, "postgresql": 2}
COMMON = """
import json, os, sys
from concurrent.futures import ThreadPoolExecutor
from sqlalchemy import event, func, select
from core.app import create_app
from core.audit.models import AuditEntry
from core.db.engine import db
from core.db.scope import Scope, ScopedSession, open_session
from core.outages.retrying import try_while_busy
from core.permissions import OPERATOR
from core.publishing.models import IndexCounter, Publication, Review
from core.publishing.rules import CHECKS
from core.publishing.workflow.review import pass_review
from core.search.models import SearchOutbox

app = create_app()

def publish(number):
    with open_session(Scope.platform("test")) as session:
        publication = session.get_one(Publication, number)
        pass_review(session, OPERATOR, publication, dict.fromkeys(CHECKS, True))
"""
# Every step is two processes: one that is killed at its statement, one that looks what there is.
KILLED = (
    COMMON
    + """
NUMBER, FIRST, EVERY = map(int, sys.argv[1:])

def count(session, model, *conditions):
    return session.scalar(select(func.count()).select_from(model).where(*conditions))

def look():
    with open_session(Scope.platform("test")) as session:
        row = session.get_one(Publication, NUMBER)
        print(json.dumps({
            "state": row.state, "number": row.index_number, "revision": row.published_revision,
            "reviews": count(session, Review, Review.publication_id == NUMBER),
            "audit": count(session, AuditEntry, AuditEntry.action == "publication.publish"),
            "passed": count(session, AuditEntry, AuditEntry.action == "publication.pass"),
            "outbox": count(session, SearchOutbox, SearchOutbox.kind == "publication") > 0,
            "counter": session.scalar(select(func.max(IndexCounter.last))) or 0,
        }), flush=True)
        if row.state == "published":
            os._exit(1)

def publish_until(step):
    left = [step]
    def tick(*_):
        if not left[0]:
            os.kill(os.getpid(), 9)
        left[0] -= 1
    event.listen(db.engine, "before_cursor_execute", tick)
    event.listen(db.engine, "commit", tick)
    event.listen(ScopedSession, "after_commit", tick)
    publish(NUMBER)

def in_process(work, *arguments):
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    try:
        with app.app_context():
            work(*arguments)
    except BaseException as error:
        print(json.dumps(repr(error)), flush=True)
        os._exit(1)
    os._exit(0)

for step in range(FIRST, 120, EVERY):
    in_process(publish_until, step)
    if in_process(look):
        break
"""
)
MANY = (
    COMMON
    + """
print("ready", flush=True)
sys.stdin.readline()

def one(number):
    with app.app_context():
        try_while_busy(lambda: publish(number), seconds=120)

with ThreadPoolExecutor(len(sys.argv) - 1) as pool:
    list(pool.map(one, map(int, sys.argv[1:])))
with app.app_context(), open_session(Scope.platform("test")) as session:
    ids = [int(word) for word in sys.argv[1:]]
    query = select(Publication.index_number).where(Publication.id.in_(ids))
    print(json.dumps(list(session.scalars(query))))
"""
)


@pytest.fixture
def environment(app, settings, monkeypatch):
    monkeypatch.setenv("GONGKAI_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("GONGKAI_SECRET_KEY", "key-of-the-tests")


def start(program, *numbers):
    command = [sys.executable, "-c", program, *map(str, numbers)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )


def test_a_process_killed_at_any_statement_leaves_all_or_nothing(
    environment, database_url, village, make, people
):
    publication = make(village)
    submit(village, people.clerk, publication)
    village.commit()
    first = FIRST[database_url.partition(":")[0].partition("+")[0]] % EVERY
    output = start(KILLED, publication.id, first, EVERY).communicate()[0]
    found = [json.loads(line) for line in output.splitlines()]
    before = {
        "state": "in_review", "number": None, "revision": None, "reviews": 0, "audit": 0,
        "passed": 0, "outbox": False, "counter": 0,
    }  # fmt: skip
    after = {
        "state": "published", "number": found[-1]["number"], "revision": 1, "reviews": 1,
        "audit": 1, "passed": 1, "outbox": True, "counter": 1,
    }  # fmt: skip
    assert len(found) > 15 // EVERY, "killed at too few statements"
    assert [each for each in found[:-1] if each != before] == []
    assert found[-1] == after


def test_fifty_published_at_once_get_fifty_numbers(environment, village, make, people):
    drafts = [make(village, title=f"公开{number}") for number in range(AT_ONCE)]
    for draft in drafts:
        submit(village, people.clerk, draft)
    village.commit()
    ids = [draft.id for draft in drafts]
    running = [start(MANY, *ids[turn::PROCESSES]) for turn in range(PROCESSES)]
    for process in running:
        assert process.stdout.readline() == "ready\n"
    for process in running:
        process.stdin.write("\n")
        process.stdin.flush()
    given = [number for each in running for number in json.loads(each.communicate()[0])]
    assert sorted(given) == [f"990111100201/{given[0][13:17]}-{n:05}" for n in range(1, 51)]
