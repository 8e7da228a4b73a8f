"""Run nginx on a free port, with a site of its own or with the example of the repository."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from core.settings import Settings, resource
from core.testing.serving import LONGEST_STOP, ServedInstallation

LONGEST_START = 60
EXAMPLE = resource("deploy", "nginx", "static-pages.conf")
CHINA = "Asia/Shanghai"
_MAIN = """
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
  include {folder}/site.conf;
}}
"""


def has_nginx() -> bool:
    """Say whether nginx is installed (Debian's nginx-light, for example)."""
    return shutil.which("nginx") is not None


@contextmanager
def serve_nginx(
    folder: Path, build_site: Callable[[int], str], *, workers: int = 1, zone: str = CHINA
) -> Iterator[ServedInstallation]:
    """Serve what the configuration of a site, which is built for a port, says."""
    folder.mkdir(parents=True, exist_ok=True)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    (folder / "site.conf").write_text(build_site(port), encoding="utf-8")
    user = f"user {pwd.getpwuid(os.getuid()).pw_name};" if os.getuid() == 0 else ""
    main = folder / "nginx.conf"
    main.write_text(_MAIN.format(folder=folder, user=user, workers=workers), encoding="utf-8")
    command = ["nginx", "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(main)]
    process = subprocess.Popen(command, env=os.environ | {"TZ": zone})
    try:
        await_listening(port)
        yield ServedInstallation(f"http://127.0.0.1:{port}", process.pid)
    finally:
        process.terminate()
        process.wait(timeout=LONGEST_STOP)


def build_example(settings: Settings, application: str) -> Callable[[int], str]:
    """Return what builds the example's site for an installation that answers at an address."""

    def build(port: int) -> str:
        site = EXAMPLE.read_text("utf-8").replace("listen 80", f"listen 127.0.0.1:{port}")
        site = site.replace("http://127.0.0.1:8000", application)
        return site.replace("/srv/gongkai-pages", settings.static_pages)

    return build


def await_listening(port: int) -> None:
    """Wait until something listens on a port."""
    latest = time.monotonic() + LONGEST_START
    while time.monotonic() < latest:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nothing listens on port {port}")
