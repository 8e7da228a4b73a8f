"""Threads in which plugins run, so that one that does not come back can be left behind.

Python cannot end a thread. One that is left behind is asked to end by an exception at its next
instruction, which ends loops, and a sleep once it is over; a call that is stuck in C keeps its
thread. How many a plugin may have is counted here.
"""

import ctypes
import os
import threading
from collections import defaultdict
from collections.abc import Callable
from queue import SimpleQueue

MOST_LEFT_BEHIND = 2

Order = Callable[[], None]


class LeftBehind(BaseException):
    """Raised inside a plugin whose time is over."""


class Worker(threading.Thread):
    """A thread that carries out one order after the other."""

    def __init__(self, done: Callable[["Worker"], None]) -> None:
        super().__init__(name="gongkai-plugin", daemon=True)
        self._orders: SimpleQueue[Order] = SimpleQueue()
        self._done = done
        self._lock = threading.Lock()
        self._is_left = False

    def give(self, order: Order) -> None:
        """Have an order carried out."""
        self._orders.put(order)

    def leave(self) -> None:
        """Go on without it."""
        with self._lock:
            self._is_left = True
        if self.ident is not None:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(
                ctypes.c_ulong(self.ident), ctypes.py_object(LeftBehind)
            )

    def run(self) -> None:
        """Work until left behind."""
        try:
            while not self._is_left:
                self._orders.get()()
                with self._lock:
                    if not self._is_left:
                        self._done(self)
        except LeftBehind:
            return


class Workers:
    """The threads of one process: idle ones, and those that were left behind, by plugin."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._idle: list[Worker] = []
        self._left: dict[str, list[Worker]] = defaultdict(list)

    def start(self, order: Order) -> Worker:
        """Have an order carried out by a thread that has nothing to do."""
        with self._lock:
            self._forget_other_process()
            worker = self._idle.pop() if self._idle else None
        if worker is None:
            worker = Worker(self._idle.append)
            worker.start()
        worker.give(order)
        return worker

    def leave(self, worker: Worker, plugin: str) -> None:
        """Go on without a thread in which a plugin is stuck."""
        worker.leave()
        with self._lock:
            self._left[plugin].append(worker)

    def is_exhausted(self, plugin: str) -> bool:
        """Whether as many threads are stuck in a plugin as may be."""
        left = self._left.get(plugin)
        if not left:
            return False
        with self._lock:
            self._left[plugin] = [worker for worker in left if worker.is_alive()]
            return len(self._left[plugin]) >= MOST_LEFT_BEHIND

    def _forget_other_process(self) -> None:
        """Threads do not live on in a process that was forked."""
        if self._process != os.getpid():
            self._process = os.getpid()
            self._idle.clear()
            self._left.clear()
