"""Run programs that read untrusted files apart from this process.

They are bounded in time, memory and output, know no environment variable of ours, and are ended
with everything that they started. Our own readers bound themselves (`confine`); foreign programs
are bounded by this module run as a program, which takes the limits upon itself and becomes them.
"""

import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a program: seconds of processor and of waiting, bytes of memory and of each file.

    `patience` is longer than `seconds`: on a busy machine a program waits for others.
    """

    seconds: int
    patience: float
    memory: int
    output: int
    files: int = 64


@dataclass(frozen=True, slots=True)
class Finished:
    """How a program ended: its status (`None` if it was ended for its time) and what it wrote."""

    status: int | None
    output: bytes


def confine(limits: Limits) -> None:
    """Bound memory, processor time, file sizes and open files of this process, for good."""
    for limit, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_FSIZE, limits.output),
        (resource.RLIMIT_NOFILE, limits.files),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def run_reader(module: str, arguments: Sequence[str], data: bytes, limits: Limits) -> Finished:
    """Run a module of ours, which bounds itself, with `data` as its standard input."""
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return _run([sys.executable, "-m", module, *arguments], data, limits, environment, "/")


def run_program(
    command: Sequence[str], limits: Limits, environment: Mapping[str, str], folder: str
) -> Finished:
    """Run a foreign program within limits, in `folder`, with this environment and no input."""
    bounds = (limits.seconds, limits.memory, limits.output, limits.files)
    own = [sys.executable, "-I", os.path.abspath(__file__), *map(str, bounds), "--"]  # noqa: PTH100 - a path as words
    return _run([*own, *command], b"", limits, environment, folder)


def _run(
    command: Sequence[str],
    data: bytes,
    limits: Limits,
    environment: Mapping[str, str],
    folder: str,
) -> Finished:
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as taken:
        given.write(data)
        given.seek(0)
        child = subprocess.Popen(  # noqa: S603 - a program of ours or one that the operator names
            command,
            stdin=given,
            stdout=taken,
            stderr=subprocess.DEVNULL,
            env=dict(environment),
            cwd=folder,
            start_new_session=True,
        )
        try:
            status: int | None = child.wait(limits.patience)
        except subprocess.TimeoutExpired:
            status = None
        finally:
            _end_group(child)
        taken.seek(0)
        return Finished(status, taken.read(limits.output))


def _end_group(child: "subprocess.Popen[bytes]") -> None:
    """End a program and whatever it started; those that it left behind have its group's number."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        child.wait()


def main(arguments: Sequence[str]) -> None:
    """Take limits upon this process and become another program."""
    seconds, memory, output, files = map(int, arguments[:4])
    confine(Limits(seconds, 0, memory, output, files))
    for number in (
        signal.SIGXFSZ,
        signal.SIGPIPE,
    ):  # which Python ignores, and so would the program
        signal.signal(number, signal.SIG_DFL)
    command = list(arguments[5:])
    os.execvp(command[0], command)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main(sys.argv[1:])
