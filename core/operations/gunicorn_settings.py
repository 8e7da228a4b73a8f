"""Settings of the web server (gunicorn) beside those of its command line.

The application is loaded once, before the workers are forked: a new worker costs little.
"""

import os
import signal
from typing import Any

from flask import Flask

from core.db.engine import db
from core.operations.heartbeat import Heartbeat, OneAtATime, exit_at_once
from core.operations.page_reports import PageReporter
from core.settings import Settings

preload_app = True

# Nothing that a client sends changes where the program believes to be, or how it was asked: by
# itself gunicorn takes SCRIPT_NAME, PATH_INFO and the scheme from whoever connects on loopback.
# The application believes the proxies that were configured (`GONGKAI_TRUSTED_PROXIES`).
forwarded_allow_ips = ""
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}

# Workers stop in order one at a time, so that the others go on answering.
_turn = OneAtATime()


def post_fork(server: Any, worker: Any) -> None:
    """Open connections anew: those of the parent process are not for its children."""
    del server
    app: Flask = worker.app.callable
    with app.app_context():
        db.engine.dispose(close=False)


def post_worker_init(worker: Any) -> None:
    """Watch over the worker, which stops in order as after a SIGTERM; report of its pages."""

    def stop() -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    app: Flask = worker.app.callable
    Heartbeat(app.extensions["plugin_threads"], stop, _turn).start()
    settings: Settings = app.extensions["gongkai"]
    if settings.page_cache == "on":
        PageReporter(app, settings).start()


def worker_exit(server: Any, worker: Any) -> None:
    """End for good: nothing waits for late threads, nor for locks that they hold."""
    del server
    if worker.booted:
        exit_at_once(0)
