"""Whoever comes while one process is held up is answered by the others."""

import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection

import pytest

from core.operations.server import gunicorn_command
from core.operations.threads import AHEAD
from core.settings import resource
from tests.soak.fetching import fetch

# Measured in time: a test beside it would be measured too.
pytestmark = pytest.mark.alone

LONG, PEOPLE, IDLE = 4.0, 20, 12


def application(environ, start_response):
    """One page whose second half takes long, and one that does not."""
    start_response("200 OK", [("Content-Length", "4")])
    if environ["PATH_INFO"] != "/long":
        return [b"here"]
    return held_up()


def held_up():
    yield b"he"
    time.sleep(LONG)
    yield b"re"


@contextmanager
def serving(workers):
    """Serve these pages with one thread in each process."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        command = gunicorn_command("127.0.0.1", 0, workers, 1)
        command[command.index("core.wsgi:app")] = f"{__name__}:application"
        command[command.index("--config") + 1] = f"python:{__name__}"
        command[command.index("--bind") + 1] = f"fd://{listening.fileno()}"
        process = subprocess.Popen(
            [*command, "--log-level", "error"], cwd=resource(), pass_fds=[listening.fileno()]
        )
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            process.terminate()
            process.wait(60)


def take(url, path):
    started = time.monotonic()
    assert fetch(url, path) == (200, "here")
    return time.monotonic() - started


def test_a_process_that_is_held_up_keeps_hardly_anybody_waiting():
    with serving(workers=2) as url, ThreadPoolExecutor(PEOPLE) as pool:
        take(url, "/")
        connection = HTTPConnection(url.removeprefix("http://"), timeout=60)
        connection.request("GET", "/long")
        assert connection.getresponse().read(2) == b"he"  # from now on one process is at it
        times = list(pool.map(take, [url] * PEOPLE, ["/"] * PEOPLE))
        connection.close()
    assert sum(seconds > LONG / 2 for seconds in times) <= AHEAD


def test_connections_that_are_kept_open_keep_nobody_out():
    with serving(workers=1) as url:
        take(url, "/")
        host, port = url.removeprefix("http://").split(":")
        kept = [socket.create_connection((host, int(port))) for _ in range(IDLE)]
        for connection in kept:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
            assert connection.recv(1000).startswith(b"HTTP/1.1 200")
        assert take(url, "/") < LONG
        for connection in kept:
            connection.close()
