"""Serve the floors: two small Flask applications under gunicorn, and a file under nginx."""

import os
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from core.operations.server import gunicorn_command
from core.settings import resource
from core.testing.serving import BACKLOG, LONGEST_STOP, ServedInstallation
from tests.bench.serving.floor_apps import write_notes
from tests.bench.serving.nginx import serve_nginx

_SITE = """
server {{
  listen 127.0.0.1:{port};
  root {folder}/files;
  default_type "text/html; charset=utf-8";
}}
"""


@contextmanager
def serve_flask(
    factory: str, folder: Path, workers: int, threads: int
) -> Iterator[ServedInstallation]:
    """Serve an application of `floor_apps` with as many processes and threads as Gongkai.

    With gunicorn's own thread worker: what Gongkai's does better is Gongkai's.
    """
    file = folder / "floor.sqlite3"
    if not file.exists():
        write_notes(f"sqlite:///{file}")
    command = gunicorn_command("127.0.0.1", 0, workers, threads)
    command[command.index("core.wsgi:app")] = f"tests.bench.serving.floor_apps:{factory}()"
    command[command.index("--config") + 1] = "python:tests.bench.serving.floor_apps"
    command[command.index("--worker-class") + 1] = "gthread"
    with socket.create_server(("127.0.0.1", 0), backlog=BACKLOG) as listening:
        command[command.index("--bind") + 1] = f"fd://{listening.fileno()}"
        command += ["--log-level", "warning"]
        environment = {"BENCH_FLOOR_DATABASE": f"sqlite:///{file}"}
        with _running(command, environment, [listening.fileno()]) as process:
            yield ServedInstallation(_address(listening), process)


@contextmanager
def serve_file(folder: Path, content: bytes, workers: int) -> Iterator[ServedInstallation]:
    """Serve these bytes as a file with nginx, under `/page.html`."""
    (folder / "files").mkdir(parents=True)
    (folder / "files" / "page.html").write_bytes(content)

    def build(port: int) -> str:
        return _SITE.format(folder=folder, port=port)

    with serve_nginx(folder, build, workers=workers) as served:
        yield served


@contextmanager
def _running(
    command: Sequence[str], environment: Mapping[str, str] | None = None, files: Sequence[int] = ()
) -> Iterator[int]:
    process = subprocess.Popen(
        command, env=os.environ | dict(environment or {}), cwd=resource(), pass_fds=files
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=LONGEST_STOP)


def _address(listening: socket.socket) -> str:
    return f"http://127.0.0.1:{listening.getsockname()[1]}"
