"""Run a real Meilisearch, where the program is on the PATH, with a data folder of its own."""

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

PATIENCE = 60.0
POLL_SECONDS = 0.05


class MeiliProgram:
    """A server process; after a kill and a new start it has the same data and address.

    `settings` is a configuration file; data folder, address and master key are overridden.
    """

    key = "a-master-key-for-tests"

    def __init__(self, settings: Path | None = None) -> None:
        self._settings = ["--config-file-path", str(settings)] if settings else []
        self._folder = Path(tempfile.mkdtemp(prefix="gongkai-meili-"))
        self._port = _free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        program = shutil.which("meilisearch")
        if program is None:
            raise FileNotFoundError("meilisearch is not on the PATH")
        self._process = subprocess.Popen(
            [
                program, *self._settings, "--db-path", str(self._folder / "data"),
                "--dump-dir", str(self._folder / "dumps"),
                "--snapshot-dir", str(self._folder / "snapshots"),
                "--http-addr", f"127.0.0.1:{self._port}", "--master-key", self.key,
                "--no-analytics", "--max-indexing-memory", "256MiB",
                "--max-indexing-threads", "2",
            ],
            cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._wait_until_it_answers()

    def _wait_until_it_answers(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                with urlopen(f"{self.url}/health", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (URLError, OSError):
                time.sleep(POLL_SECONDS)
        raise TimeoutError("meilisearch did not start")

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """End it and remove its folder."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
