"""Locks among processes: one holder, freed by whatever ends its process."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from core.db.locks import held_lock, try_lock
from core.settings import resource

pytestmark = pytest.mark.both_databases
HOLDER = """
import sys
from core.db.locks import try_lock
from core.wsgi import app
with app.app_context():
    lock = try_lock("work")
    print(lock is not None, flush=True)
    sys.stdin.read()
"""


def test_one_holder_at_a_time(app):
    with held_lock("work") as mine, held_lock("work") as other, held_lock("other") as third:
        assert (mine, other, third) == (True, False, True)
    with held_lock("work") as again:
        assert again


def test_a_lock_is_waited_for(app):
    lock = try_lock("work")
    threading.Timer(0.2, lock.release).start()
    with held_lock("work", wait=20) as got:
        assert got


def test_the_end_of_a_process_frees_its_locks(app, settings):
    environment = os.environ | {
        "GONGKAI_DATA_DIR": str(settings.data_dir),
        "GONGKAI_DATABASE_URL": settings.database_url,
        "GONGKAI_SECRET_KEY": settings.secret_key,
    }
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        env=environment,
        cwd=resource(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout.readline().strip() == "True"
        with held_lock("work") as got:
            assert not got
        holder.send_signal(signal.SIGKILL)
        holder.wait(20)
        with held_lock("work", wait=20) as got:
            assert got
