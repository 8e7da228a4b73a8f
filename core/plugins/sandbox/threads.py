"""Threads in which plugins run, so that the caller can go on without a call that is late.

Python cannot end a thread, and nothing is thrown into one: an exception may strike inside a lock or
a pool checkout and leave the process worse than the late call did. An abandoned thread is left
alone and counted; a process that holds several is replaced (`core.operations.heartbeat`).
"""

import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue

MOST_ABANDONED_BY_PLUGIN = 2

Task = Callable[[], None]


class PluginThread(threading.Thread):
    """A thread that carries out one task after the other until it is abandoned or closed."""

    def __init__(self, on_idle: Callable[["PluginThread"], None]) -> None:
        super().__init__(name="gongkai-plugin", daemon=True)
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()
        self._on_idle = on_idle
        self._lock = threading.Lock()
        self._is_abandoned = False

    def submit(self, task: Task | None) -> None:
        """Queue a task; `None` ends the thread."""
        self._tasks.put(task)

    def abandon(self) -> None:
        """Give the thread no further task; it ends once the present one does."""
        with self._lock:
            self._is_abandoned = True

    def run(self) -> None:
        """Carry out tasks."""
        while (task := self._tasks.get()) is not None:
            task()
            with self._lock:
                if self._is_abandoned:
                    return
                self._on_idle(self)


@dataclass(frozen=True, slots=True)
class AbandonedThread:
    """A thread in a late call; `is_to_blame` where the plugin itself used up the time."""

    thread: PluginThread
    since: float
    is_to_blame: bool


class PluginThreads:
    """The plugin threads of one process: idle ones, and abandoned ones by plugin."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._idle: list[PluginThread] = []
        self._abandoned: dict[str, list[AbandonedThread]] = defaultdict(list)

    def start(self, task: Task) -> PluginThread:
        """Have a task carried out by an idle thread, or a new one."""
        with self._lock:
            self._forget_other_process()
            thread = self._idle.pop() if self._idle else None
        if thread is None:
            thread = PluginThread(self._idle.append)
            thread.start()
        thread.submit(task)
        return thread

    def abandon(self, thread: PluginThread, plugin: str, *, is_to_blame: bool = True) -> None:
        """Go on without a thread whose call is late."""
        thread.abandon()
        with self._lock:
            late = AbandonedThread(thread, time.monotonic(), is_to_blame)
            self._abandoned[plugin].append(late)

    def abandoned_by(self, plugin: str) -> list[AbandonedThread]:
        """List the threads that are still busy with late calls of a plugin."""
        if plugin not in self._abandoned:
            return []
        with self._lock:
            alive = [late for late in self._abandoned[plugin] if late.thread.is_alive()]
            self._abandoned[plugin] = alive
            return alive

    def list_abandoned(self) -> list[AbandonedThread]:
        """List the threads that are still busy with late calls of any plugin."""
        return [late for plugin in list(self._abandoned) for late in self.abandoned_by(plugin)]

    def close(self) -> None:
        """End the idle threads and wait for them, so that the process can be forked safely."""
        with self._lock:
            idle, self._idle = self._idle, []
        for thread in idle:
            thread.submit(None)
            thread.join()

    def _forget_other_process(self) -> None:
        """Drop what a forked process inherits: threads do not live on in it."""
        if self._process != os.getpid():
            self._process = os.getpid()
            self._idle.clear()
            self._abandoned.clear()
