"""The program behind `gongkai worker`."""

from flask import Flask

from core.jobs.queue import Jobs

# An idle worker looks for work this often (seconds): a change must be findable within one.
LOOK_EVERY = 0.2


def run_worker(app: Flask) -> None:
    """Work through the queue until told to stop (SIGINT, SIGTERM). Only for a main thread."""
    jobs: Jobs = app.extensions["jobs"]
    jobs.huey.create_consumer(
        workers=1, initial_delay=0.05, max_delay=LOOK_EVERY, scheduler_interval=1
    ).run()
