"""What starting costs: processor time until a process has ended, as ratios of its libraries.

Then how soon a server that was started sends its first page, and what runs afterwards takes in
memory: four workers, fresh and after so many different pages.

The floor imports Flask, SQLAlchemy's ORM, Flask-SQLAlchemy, Flask-Babel and marshmallow, in turns
with the rest within one run; of each the best of the rounds counts. Ends of processes are part of
it: the interpreter takes down what was loaded.
"""

import os
import resource
import subprocess
import sys
import tempfile

from core.settings import resource as data
from tests.bench.serving.first_answer import measure_first_answer
from tests.bench.serving.memory import measure_memory

ROUNDS, PAGES = 7, 10_000
LIBRARIES = "import flask, sqlalchemy.orm, flask_sqlalchemy, flask_babel, marshmallow"
COUNTY = "990101"
SEARCH = ["search", "--tenant", COUNTY, "低保"]
HELP_GOAL = 0.35  # seconds
GOALS = {"create_app": 2.0, "gongkai search": 2.5}


def _program(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "core.cli", *arguments]


def run(pages: str = str(PAGES)) -> dict[str, object]:
    """Measure the floor and commands, the first answer of a server, memory (not with `start=0`)."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"GONGKAI_DATA_DIR": folder}
        _spend(_program("demo", "--no-serve"), environment)
        commands = {
            "floor": [sys.executable, "-c", LIBRARIES],
            "gongkai --help": _program("--help"),
            "create_app": [sys.executable, "-c", "from core.app import create_app; create_app()"],
            "gongkai search": _program(*SEARCH),
        }
        spent: dict[str, list[float]] = {name: [] for name in commands}
        for _round in range(ROUNDS):
            for name, command in commands.items():
                spent[name].append(_spend(command, environment))
        first = measure_first_answer(environment, f"/{COUNTY}/")
    best = {name: min(times) for name, times in spent.items()}
    for name, seconds in best.items():
        print(f"{name:<16}{seconds:6.2f} s {seconds / best['floor']:6.2f} x  {_goal(name)}")
    ratios = {name: best[name] / best["floor"] for name in best}
    figures = {"seconds": best, "ratios": ratios, "first_answer": first}
    return figures | ({"memory": measure_memory(int(pages))} if int(pages) else {})


def _goal(name: str) -> str:
    if name in GOALS:
        return f"goal {GOALS[name]} x"
    return f"goal {HELP_GOAL} s" if name == "gongkai --help" else ""


def _spend(command: list[str], environment: dict[str, str]) -> float:
    """Run a command; the processor time of its processes in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, cwd=data(), check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
