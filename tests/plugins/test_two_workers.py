"""A switch is in force in every worker of a real server within a second, without a restart."""

import os
import socket
import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

import pytest

from core.db.scope import Scope, open_session
from core.operations.server import gunicorn_command
from core.permissions import OPERATOR
from core.plugins.activation.decisions import store_policy
from core.plugins.activation.rules import Policy

# Measured in time: a test beside it would be measured too.
pytestmark = pytest.mark.alone

WORKERS, THREADS, AT_ONCE = 2, 4, 8
PAGE = "/990111100/clock/"
PLUGIN = """
    import os
    from core.sdk import Manifest, PluginBlueprint, hookimpl, public_page

    MANIFEST = Manifest("clock", "1.0", "Clock")
    blueprint = PluginBlueprint(MANIFEST, __name__)

    @blueprint.get("/<code>/clock/")
    @public_page
    def show():
        return str(os.getpid())

    @hookimpl
    def blueprints():
        return [blueprint]
"""


def fetch(port, path):
    """When it was asked, the status, and the process that answered (with its page)."""
    asked = time.monotonic()
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return asked, answer.status, answer.read().decode() if answer.status == 200 else ""
    finally:
        connection.close()


@pytest.fixture
def port(plugin_factory, settings):
    """Where two real workers serve the database of the test; who asks early waits."""
    plugin_factory.write("clock", PLUGIN)
    own = {
        "GONGKAI_DATA_DIR": str(settings.data_dir),
        "GONGKAI_DATABASE_URL": settings.database_url,
        "GONGKAI_SECRET_KEY": "key-of-the-tests",
        "GONGKAI_PLUGIN_FOLDERS": str(plugin_factory.folder),
    }
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        command = gunicorn_command("127.0.0.1", 0, WORKERS, THREADS)
        command[command.index("--bind") + 1] = f"fd://{listening.fileno()}"
        process = subprocess.Popen(
            command, env=os.environ | own, pass_fds=[listening.fileno()],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        yield listening.getsockname()[1]
        process.terminate()
        process.wait(timeout=30)


def until(port, enough):
    """Ask again and again until what was answered is enough."""
    answers = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while not enough(answers):
            answers.extend(pool.map(lambda _: fetch(port, PAGE), range(AT_ONCE)))
    return answers


def both_answer(answers):
    return len({who for _asked, status, who in answers if status == 200}) == WORKERS


def lasting(since):
    """Long enough to see what is in force a second later, and by whom."""

    def enough(answers):
        return sum(asked > since + 1 for asked, _status, _who in answers) >= 5 * AT_ONCE

    return enough


@pytest.mark.both_databases
def test_a_switch_is_in_force_in_both_workers_within_a_second(plugin_factory, settings, tree, port):
    with plugin_factory.application(settings):

        def say(word):
            with open_session(Scope.platform("test")) as session:
                store_policy(session, OPERATOR, "clock", word, [tree.county])
            return time.monotonic()

        say(Policy.ON)
        until(port, both_answer)
        for word, status in ((Policy.OFF, 404), (Policy.ON, 200)):
            said = say(word)
            answers = until(port, lasting(said))
            late = Counter(code for asked, code, _who in answers if asked > said + 1)
            assert set(late) == {status}, late
        assert both_answer([each for each in answers if each[0] > said + 1])
