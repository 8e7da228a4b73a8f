"""How soon `gongkai serve` answers: from the start of the program to the first home page."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from statistics import median

from core.settings import resource
from tests.bench.serving.client import fetch
from tests.bench.serving.processes import tree_seconds

ROUNDS = 5
GOAL = 2.5  # seconds by the clock, on a quiet machine
LOOK_EVERY, LONGEST_START, LONGEST_STOP = 0.01, 120.0, 45.0


def measure_first_answer(environment: Mapping[str, str], page: str) -> dict[str, object]:
    """Start the server so many times; print the best and the median until it sent the page."""
    starts = [_start_once(environment, page) for _ in range(ROUNDS)]
    wall, processor = zip(*starts, strict=True)
    print(
        f"gongkai serve: first answer after {min(wall):.2f} s (median {median(wall):.2f} s, "
        f"goal {GOAL:g} s), {min(processor):.2f} s of processor time, load {os.getloadavg()[0]:.1f}"
    )
    return {"wall": wall, "processor": processor, "goal": GOAL, "load": os.getloadavg()[0]}


def _start_once(environment: Mapping[str, str], page: str) -> tuple[float, float]:
    """Serve until the first answer; seconds by the clock and of processor time of all processes."""
    port = _find_free_port()
    started = time.monotonic()
    server = subprocess.Popen(
        [sys.executable, "-m", "core.cli", "serve", "--port", str(port)],
        env=dict(environment),
        cwd=resource(),
        stderr=subprocess.DEVNULL,
    )
    try:
        while time.monotonic() - started < LONGEST_START:
            with suppress(ConnectionError):
                fetch(f"http://127.0.0.1:{port}", page)
                return time.monotonic() - started, tree_seconds(server.pid)
            time.sleep(LOOK_EVERY)
        raise TimeoutError("the server does not answer")
    finally:
        server.terminate()
        server.wait(timeout=LONGEST_STOP)


def _find_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
