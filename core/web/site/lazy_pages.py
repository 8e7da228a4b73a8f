"""Pages that are loaded when they are needed: most commands need few of them, or none.

All are there before the first request is answered; a web server loads them before it forks its
workers (`core/wsgi.py`). An address that is written outside requests needs the pages up to its own.
"""

from collections import deque
from collections.abc import Callable, Iterable, ValuesView
from threading import RLock
from typing import Any, cast

from flask import Flask, current_app
from flask.sansio.blueprints import Blueprint


class LazyPages(Flask):
    """Flask, whose blueprints are registered in steps, always in the same order."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._steps: deque[Callable[[], None]] = deque()
        self._loading = RLock()
        self._has_all_pages = True

    def add_pages(self, step: Callable[[], None]) -> None:
        """Add a step that registers some blueprints, after those that were added before."""
        self._steps.append(step)
        self._has_all_pages = False

    def load_pages(self, blueprint: str = "") -> None:
        """Take the steps that have not been taken: all, or until this blueprint is there."""
        if self._has_all_pages:
            return
        with self._loading:
            while self._steps and not (blueprint and blueprint in self.blueprints):
                self._steps.popleft()()
            self._has_all_pages = not self._steps

    def wsgi_app(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer a request; the first one finds all pages there."""
        self.load_pages()
        return super().wsgi_app(environ, start_response)

    def url_for(self, /, endpoint: str, **options: Any) -> str:
        """Build the address of a page, which is loaded if need be."""
        self.load_pages(endpoint.partition(".")[0])
        return super().url_for(endpoint, **options)

    def iter_blueprints(self) -> ValuesView[Blueprint]:
        """All blueprints: templates are looked for in each."""
        self.load_pages()
        return super().iter_blueprints()


def load_all_pages() -> None:
    """Load the pages of the current application; plugins whose pages do not hold are left out."""
    cast(LazyPages, current_app).load_pages()
