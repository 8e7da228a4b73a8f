import os
from datetime import datetime

import pytest
from flask import current_app
from flask_babel import get_locale
from huey import SqliteHuey

from core.jobs.queue import Jobs, Schedule, enqueue
from core.settings import Settings


@pytest.fixture
def ran():
    return []


@pytest.fixture
def jobs(app, settings, ran):
    made = Jobs(app, settings)
    made.define("note", lambda: ran.append(os.getpid()), Schedule(minute="17", hour="3"))
    return made


def work(jobs):
    """Run what waits, as a worker does."""
    while task := jobs.huey.dequeue():
        jobs.huey.execute(task)


def test_a_job_waits_until_a_worker_takes_it(jobs, ran):
    jobs.enqueue("note")
    assert ran == []
    work(jobs)
    assert ran == [os.getpid()]


def test_a_job_that_waits_is_not_queued_again_but_one_that_ran_is(jobs, ran):
    for _ in range(3):
        jobs.enqueue("note")
    work(jobs)
    assert len(ran) == 1
    jobs.enqueue("note")
    work(jobs)
    assert len(ran) == 2


def test_a_job_runs_in_the_application_and_its_language(app, settings):
    seen = []
    made = Jobs(app, settings)
    made.define("look", lambda: seen.append((current_app.name, str(get_locale()))))
    made.enqueue("look")
    work(made)
    assert seen == [("core", "zh_Hans_CN")]


def test_a_schedule_is_kept(jobs):
    [periodic] = jobs.huey._registry.periodic_tasks
    assert periodic.validate_datetime(datetime(2026, 11, 23, 3, 17))  # noqa: DTZ001 - huey's own
    assert not periodic.validate_datetime(datetime(2026, 11, 23, 3, 18))  # noqa: DTZ001 - the same


def test_a_queue_that_is_down_fails_nothing(app, monkeypatch):
    def down(_name):
        raise OSError("no queue")

    monkeypatch.setattr(app.extensions["jobs"], "enqueue", down)
    enqueue("search_drain")


def test_jobs_survive_a_restart_of_the_program(app, tmp_path, ran):
    settings = Settings(data_dir=tmp_path, secret_key="key-of-the-tests")

    def open_jobs():
        made = Jobs(app, settings)
        made.define("note", lambda: ran.append(1))
        return made

    first = open_jobs()
    assert isinstance(first.huey, SqliteHuey)
    first.enqueue("note")
    first.huey.storage.close()
    second = open_jobs()
    work(second)
    second.huey.storage.close()
    assert ran == [1]
