"""`gongkai demo`: a whole county to try, on this machine."""

import os
import socket
import sys
import threading
import time
import urllib.request
from collections.abc import Callable

import click
from flask_babel import gettext as _

from core.command import command_errors, json_option, print_result
from core.db.locks import held_lock
from core.db.migrate import upgrade_database
from core.demo.loader import Demo, load_demo
from core.demo.sign_ins import DEMO_PASSWORD
from core.errors import Conflict
from core.operations.commands import INIT, LONGEST_INIT
from core.operations.server import gunicorn_command, run_together, worker_command
from core.search.indexing.indexer import drain_all
from core.search.indexing.reconcile import prepare
from core.search.registry import search_engine
from core.settings import current_settings
from core.storage.private import restrict

WORKERS, THREADS = 2, 8
LOOK_EVERY = 0.2


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--no-serve", is_flag=True, help="Load the county only.")
@json_option
@command_errors
def demo(host: str, port: int, *, no_serve: bool, as_json: bool) -> None:
    """Load the demonstration county and serve it; may be run again."""
    if not no_serve:
        _require_free(host, port)
    restrict(current_settings().data_dir)
    with held_lock(INIT, wait=LONGEST_INIT):
        upgrade_database()
        for side in search_engine().per_backend():
            prepare(side)
    loaded = load_demo(host)
    for side in search_engine().per_backend():
        drain_all(side)
    address = None if no_serve else _address(host, port, loaded)
    text = _told(loaded, address)

    def announce() -> None:
        print_result(_body(loaded, address), as_json=as_json, text=text)

    if no_serve:
        announce()
        return
    waiting = (f"{_root(host, port)}/healthz", announce)
    threading.Thread(target=_when_serving, args=waiting, daemon=True).start()
    # Tried on this machine, or in a network whose owner changed the passwords: without HTTPS.
    os.environ.setdefault("GONGKAI_SECURE_COOKIES", "false")
    sys.exit(run_together(gunicorn_command(host, port, WORKERS, THREADS), worker_command()))


def _require_free(host: str, port: int) -> None:
    """Raise `Conflict` where the port cannot be listened on, before anything is loaded."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            message = _("%(host)s:%(port)s cannot be used: %(why)s", host=host, port=port,
                        why=error.strerror or str(error))  # fmt: skip
            raise Conflict(message, where=f"{host}:{port}") from error


def _address(host: str, port: int, loaded: Demo) -> str:
    return f"{_root(host, port)}/{loaded.code}/"


def _root(host: str, port: int) -> str:
    settings = current_settings()
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}{settings.url_prefix}"


def _body(loaded: Demo, address: str | None) -> dict[str, object]:
    return {
        "tenants": loaded.tenants,
        "catalog_items": loaded.catalog_items,
        "publications": loaded.publications,
        "url": address,
        "sign_ins": [
            {
                "username": one.username,
                "password": DEMO_PASSWORD,
                "name": one.name,
                "role": one.role,
                "tenant": one.tenant,
            }
            for one in loaded.sign_ins
        ],
    }


def _told(loaded: Demo, address: str | None) -> str:
    head = _(
        "%(name)s: %(tenants)s tenants, %(items)s catalog items, %(publications)s publications",
        name=loaded.name,
        tenants=loaded.tenants,
        items=loaded.catalog_items,
        publications=loaded.publications,
    )
    people = [f"  {one.username:<16} {one.name}" for one in loaded.sign_ins]
    sign_in = _("Sign in with the password %(password)s as:", password=DEMO_PASSWORD)
    return "\n".join([head, *([address] if address else []), sign_in, *people])


def _when_serving(health: str, announce: Callable[[], None]) -> None:
    """Call back once the server answers; a server that cannot start ends the program."""
    while not _answers(health):
        time.sleep(LOOK_EVERY)
    announce()


def _answers(health: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(health, timeout=5):
            return True
    except OSError:
        return False
