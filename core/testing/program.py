"""Run the program as operators do, without loading it anew each time.

`python -m core.testing.program MODULE` loads its `main` once and forks for each order, a JSON
object on a line: each run is a process of its own, with its own arguments, environment and files.
"""

import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from core.settings import resource

PROGRAM = "core.cli"
# What the program loads where it is needed, loaded once for all runs.
LATER = (
    "core.app",
    "alembic.command",
    "huey",
    "openpyxl",
    "docx",
    "lxml.html",
    "pypinyin",
    "rjieba",
)
LONGEST_RUN = 120  # seconds; a run that takes longer is killed


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The JSON document on standard output."""
        return json.loads(self.out)


class Program:
    """The loaded program, which runs as often as it is asked to."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "core.testing.program", PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=resource(),
        )

    def run(self, arguments: Sequence[str], environment: Mapping[str, str], stdin: str = "") -> Ran:
        """Run the program with these arguments, and this environment only."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "0").write_text(stdin, encoding="utf-8")
            order = {"arguments": arguments, "environment": dict(environment), "files": name}
            status = self._ask(order)
            out, err = ((folder / file).read_text(encoding="utf-8") for file in "12")
        return Ran(status, out, err)

    def stop(self) -> None:
        """Let the loaded program go."""
        self._server.communicate()

    def _ask(self, order: dict[str, Any]) -> int:
        assert self._server.stdin
        assert self._server.stdout
        with suppress(BrokenPipeError):
            self._server.stdin.write(json.dumps(order) + "\n")
            self._server.stdin.flush()
        answer = self._server.stdout.readline()
        if not answer:
            raise RuntimeError(f"the loaded program has ended: {self._server.wait()}")
        return int(answer)


def serve() -> None:
    """Run the program for each order, and answer its exit status."""
    program = import_module(sys.argv[1])
    for name in LATER:
        import_module(name)
    for command in getattr(program, "COMMANDS", {}).values():
        command.load()
    gc.freeze()  # what is loaded is shared: runs neither visit nor copy it
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(order)
            _end(program.main)
        _pid, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _become(order: dict[str, Any]) -> None:
    """Take over the arguments, the environment and the files of an order."""
    signal.alarm(LONGEST_RUN)
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = ["gongkai", *order["arguments"]]
    for number, flags in enumerate((os.O_RDONLY, os.O_WRONLY, os.O_WRONLY)):
        os.dup2(os.open(Path(order["files"], str(number)), flags | os.O_CREAT, 0o600), number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - descriptor 0


def _end(main: Callable[[], None]) -> NoReturn:
    """Run the program, and end without taking down what is shared with the other runs."""
    status: object = 0
    try:
        main()
    except SystemExit as end:
        status = end.code or 0
    except BaseException:  # noqa: BLE001 - reported as the interpreter would
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status if isinstance(status, int) else 1)


if __name__ == "__main__":
    serve()
