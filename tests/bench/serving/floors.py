"""Serve the floors: two small Flask applications under gunicorn, and a file under nginx."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from core.operations.server import gunicorn_command
from core.settings import resource
from core.testing.serving import BACKLOG, LONGEST_STOP, ServedInstallation
from tests.bench.serving.floor_apps import write_notes

LONGEST_START = 20
_NGINX = """
{user}
worker_processes {workers};
pid {folder}/nginx.pid;
daemon off;
events {{ worker_connections 256; }}
http {{
  access_log off;
  keepalive_requests 1000000;
  sendfile on;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/files;
    default_type "text/html; charset=utf-8";
  }}
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


def has_nginx() -> bool:
    """Say whether nginx is installed (Debian's nginx-light, for example)."""
    return shutil.which("nginx") is not None


@contextmanager
def serve_file(folder: Path, content: bytes, workers: int) -> Iterator[ServedInstallation]:
    """Serve these bytes as a file with nginx, under `/page.html`."""
    (folder / "files").mkdir(parents=True)
    (folder / "files" / "page.html").write_bytes(content)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        address = _address(probe)
        port = probe.getsockname()[1]
    user = f"user {pwd.getpwuid(os.getuid()).pw_name};" if os.getuid() == 0 else ""
    settings = folder / "nginx.conf"
    settings.write_text(_NGINX.format(folder=folder, port=port, user=user, workers=workers))
    log = ["-e", str(folder / "error.log")]
    with _running(["nginx", "-p", str(folder), *log, "-c", str(settings)]) as process:
        _await_listening(port)
        yield ServedInstallation(address, process)


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


def _await_listening(port: int) -> None:
    latest = time.monotonic() + LONGEST_START
    while time.monotonic() < latest:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nginx does not listen on port {port}")
