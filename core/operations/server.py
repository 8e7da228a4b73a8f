"""Run the web server (gunicorn) beside a worker, or alone."""

import signal
import subprocess
import sys
from collections.abc import Sequence


def gunicorn_command(host: str, port: int, workers: int, threads: int) -> list[str]:
    """Build the command line of the web server; its control socket is not used."""
    return [
        sys.executable, "-m", "gunicorn", "core.wsgi:app",
        "--config", "python:core.operations.gunicorn_settings",
        "--bind", f"{host}:{port}", "--worker-class", "gthread",
        "--workers", str(workers), "--threads", str(threads),
        "--access-logfile", "/dev/null", "--no-control-socket",
    ]  # fmt: skip


def run_together(commands: Sequence[Sequence[str]]) -> int:
    """Run programs until one ends or we are asked to stop; then stop them all."""
    children = [subprocess.Popen(command) for command in commands]  # noqa: S603 - our own commands

    def stop(*_: object) -> None:
        for child in children:
            child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    status = children[0].wait()
    stop()
    for child in children[1:]:
        child.wait()
    return max(status, 0)
