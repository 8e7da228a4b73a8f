"""Serve an installation with real gunicorn workers, for tests of what only many processes show."""

import os
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.operations.server import MEMORY, gunicorn_command
from core.settings import Settings, resource

BACKLOG = 1024
LONGEST_STOP = 45


@dataclass(frozen=True, slots=True)
class ServedInstallation:
    """A running server: its address, and the process that its workers are forked from."""

    url: str
    process: int

    def workers(self) -> set[int]:
        """Return the ids of the worker processes."""
        return child_processes(self.process)


@contextmanager
def serve_installation(
    settings: Settings,
    *,
    workers: int = 2,
    threads: int = 8,
    log: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[ServedInstallation]:
    """Serve this database behind one trusted proxy; the log goes to a file if one is named.

    The socket listens before the workers are there, so that nobody has to ask when they are.
    """
    with (
        socket.create_server(("127.0.0.1", 0), backlog=BACKLOG) as listening,
        (log or Path(os.devnull)).open("w", encoding="utf-8") as output,
    ):
        command = gunicorn_command("127.0.0.1", 0, workers, threads)
        command[command.index("--bind") + 1] = f"fd://{listening.fileno()}"
        process = subprocess.Popen(
            [*command, "--log-level", "warning"],
            env=MEMORY | os.environ | environment_for(settings) | dict(environment or {}),
            cwd=resource(),
            pass_fds=[listening.fileno()],
            stderr=output if log else None,
        )
        try:
            address = f"http://127.0.0.1:{listening.getsockname()[1]}"
            yield ServedInstallation(address, process.pid)
        finally:
            process.terminate()
            process.wait(timeout=LONGEST_STOP)


@contextmanager
def serving(settings: Settings, *, workers: int = 3, threads: int = 8) -> Iterator[str]:
    """Serve this database; yields the address."""
    with serve_installation(settings, workers=workers, threads=threads) as served:
        yield served.url


def child_processes(process: int) -> set[int]:
    """Return the ids of a process's children."""
    found: set[int] = set()
    for tasks in Path(f"/proc/{process}/task").glob("*/children"):
        found.update(int(child) for child in _read(tasks).split())
    return found


def find_workers(process: int) -> set[int]:
    """Return the processes of the workers beside a server: those that watch, and their children."""
    watching = {
        child
        for child in child_processes(process)
        if b"worker" in _read(Path(f"/proc/{child}/cmdline")).split(b"\0")
    }
    return watching.union(*map(child_processes, watching))


def _read(path: Path) -> bytes:
    """Read what the system says of a process; nothing of one that ended since it was listed."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def environment_for(settings: Settings) -> dict[str, str]:
    """Return the environment in which the program has these settings."""
    return {
        "GONGKAI_DATA_DIR": str(settings.data_dir),
        "GONGKAI_DATABASE_URL": settings.database_url,
        "GONGKAI_SECRET_KEY": settings.secret_key,
        "GONGKAI_TRUSTED_PROXIES": "1",
        "GONGKAI_PAGE_CACHE": settings.page_cache,
        "GONGKAI_PLUGIN_FOLDERS": settings.plugin_folders,
        "GONGKAI_PLUGIN_CALL_SECONDS": str(settings.plugin_call_seconds),
        "GONGKAI_PLUGIN_PAGE_SECONDS": str(settings.plugin_page_seconds),
        "GONGKAI_PLUGIN_FAULT_LIMIT": str(settings.plugin_fault_limit),
    }
