"""A call is charged for what its plugin does, and not for what it has to wait for."""

import subprocess
import sys
import threading
import time

import pytest

from core.plugins.sandbox.execution import (
    CallTimeout,
    Execution,
    MachineBusy,
    find_exhaustion,
    run_in_thread,
)
from core.plugins.sandbox.metering import Allowance
from core.plugins.sandbox.threads import PluginThreads

# Measured in time: a test beside it would be measured too.
pytestmark = pytest.mark.alone

LIMIT = 0.3


@pytest.fixture
def stop():
    event = threading.Event()
    yield event
    event.set()


def run(work, limit=LIMIT):
    threads, execution = PluginThreads(), Execution(Allowance(limit))
    try:
        return run_in_thread(threads, "fair", work, execution), execution.spent
    except TimeoutError as error:
        return type(error), execution.spent


def burn(seconds):
    started = time.thread_time()
    while time.thread_time() - started < seconds:
        pass
    return "burnt"


def test_processor_time_is_charged(stop):
    def loop():
        while not stop.is_set():
            pass

    assert run(loop)[0] is CallTimeout
    result, spent = run(lambda: burn(0.1))
    assert result == "burnt"
    assert 0.1 <= spent < 0.2


def test_an_idle_wait_is_charged(stop):
    assert run(lambda: time.sleep(30))[0] is CallTimeout
    assert run(lambda: stop.wait(30))[0] is CallTimeout

    def poll():
        while not stop.is_set():
            time.sleep(0.004)

    assert run(poll)[0] is CallTimeout


@pytest.mark.parametrize("others", [1, 3])
def test_waiting_for_the_interpreter_is_not_charged(stop, others):
    def loop():
        while not stop.is_set():
            pass

    def work():
        for _ in range(20):
            burn(0.004)
            time.sleep(0)  # gives the interpreter's lock away, and waits for it

    for _ in range(others):
        threading.Thread(target=loop, daemon=True).start()
    result, spent = run(work)
    assert result in (None, MachineBusy)
    assert spent < 0.2


def test_sleeping_is_charged_beside_a_loop_too(stop):
    def loop():
        while not stop.is_set():
            pass

    threading.Thread(target=loop, daemon=True).start()
    assert run(lambda: time.sleep(30))[0] is CallTimeout


def test_waiting_for_a_processor_is_not_charged():
    hogs = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(8)]
    try:
        result, spent = run(lambda: burn(0.15))
        assert result in ("burnt", MachineBusy)
        assert spent < LIMIT
    finally:
        for hog in hogs:
            hog.kill()
            hog.wait()


def test_a_plugin_is_not_blamed_for_calls_that_the_machine_made_late(stop):
    threads = PluginThreads()
    for is_to_blame, error in ((False, MachineBusy), (True, CallTimeout)):
        for _ in range(2):
            thread = threads.start(lambda: stop.wait(30))
            threads.abandon(thread, "fair", is_to_blame=is_to_blame)
        assert type(find_exhaustion(threads, "fair")) is error
    assert find_exhaustion(threads, "other") is None
