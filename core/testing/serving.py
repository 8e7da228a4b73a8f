"""Serve an installation with real gunicorn workers, for tests of what only many processes show."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from core.resources import resource
from core.settings import Settings

BACKLOG = 1024
LONGEST_STOP = 30


@contextmanager
def serving(settings: Settings, *, workers: int = 3, threads: int = 8) -> Iterator[str]:
    """The address of a server on this database, behind one trusted proxy.

    The socket listens before the workers are there, so that nobody has to ask when they are.
    """
    with socket.create_server(("127.0.0.1", 0), backlog=BACKLOG) as listening:
        process = subprocess.Popen(
            [
                sys.executable, "-m", "gunicorn", "core.wsgi:app",
                "--bind", f"fd://{listening.fileno()}", "--worker-class", "gthread",
                "--workers", str(workers), "--threads", str(threads), "--no-control-socket",
                "--log-level", "warning",
            ],
            env=os.environ
            | {
                "GONGKAI_DATA_DIR": str(settings.data_dir),
                "GONGKAI_DATABASE_URL": settings.database_url,
                "GONGKAI_SECRET_KEY": settings.secret_key,
                "GONGKAI_TRUSTED_PROXIES": "1",
            },
            cwd=resource(),
            pass_fds=[listening.fileno()],
        )  # fmt: skip
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            process.terminate()
            process.wait(timeout=LONGEST_STOP)
