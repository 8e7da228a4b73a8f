"""Run the web server (gunicorn) beside a worker, or alone: `gongkai serve`."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

import click

from core.log.logger import get_logger

LOOK_EVERY = 0.5
# A program that ends at once is started again after these pauses (seconds), ever longer ones.
SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 20.0

# Threads of a worker share one heap: each would keep what it no longer uses in one of its own, and
# they hardly ever allocate at once, since the interpreter lets one of them run.
MEMORY = {"MALLOC_ARENA_MAX": "1"}

log = get_logger("gongkai.processes")


def gunicorn_command(host: str, port: int, workers: int, threads: int) -> list[str]:
    """Build the command line of the web server; its control socket is not used."""
    return [
        sys.executable, "-m", "gunicorn", "core.wsgi:app",
        "--config", "python:core.operations.gunicorn_settings",
        "--bind", f"{host}:{port}", "--worker-class", "core.operations.threads.OneLineWorker",
        "--workers", str(workers), "--threads", str(threads),
        "--no-control-socket",
    ]  # fmt: skip


def worker_command() -> list[str]:
    """Build the command line of a worker beside the web server."""
    return [sys.executable, "-m", "core.cli", "worker"]


def run_together(server: Sequence[str], *beside: Sequence[str]) -> int:
    """Run the web server until it ends or we are asked to stop, and others beside it meanwhile.

    One of those that ends, whatever ended it, is started again.
    """
    running = subprocess.Popen(server, env=MEMORY | os.environ)  # noqa: S603 - our own command
    others = [_Kept(command) for command in beside]

    def stop(*_: object) -> None:
        running.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while (status := _wait(running)) is None:
        for other in others:
            other.start_again()
    for other in others:
        other.stop()
    return max(status, 0)


def _wait(running: "subprocess.Popen[bytes]") -> int | None:
    try:
        return running.wait(timeout=LOOK_EVERY)
    except subprocess.TimeoutExpired:
        return None


class _Kept:
    """A program that is started again whenever it ends, not more often than it makes sense."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._pause = SHORTEST_PAUSE
        self._start()

    def _start(self) -> None:
        self._started = time.monotonic()
        self._process = subprocess.Popen(self._command)  # noqa: S603 - our own command

    def start_again(self) -> None:
        """Start it again if it has ended, later each time where it ends at once."""
        lived = time.monotonic() - self._started
        if self._process.poll() is None or lived < self._pause:
            return
        self._pause = (
            SHORTEST_PAUSE if lived > LONGEST_PAUSE else min(self._pause * 2, LONGEST_PAUSE)
        )
        log.warning("worker is started again", status=self._process.returncode)
        self._start()

    def stop(self) -> None:
        """End it and wait for that."""
        self._process.terminate()
        self._process.wait()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True)
@click.option("--threads", default=8, show_default=True)
@click.option("--with-worker", is_flag=True, help="Run background jobs beside it as well.")
def serve(host: str, port: int, workers: int, threads: int, *, with_worker: bool) -> None:
    """Serve the portals with gunicorn."""
    beside = [worker_command()] if with_worker else []
    sys.exit(run_together(gunicorn_command(host, port, workers, threads), *beside))
