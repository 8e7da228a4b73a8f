"""Texts that are put into words once for each language, not with each page that shows them.

A message costs a dozen calls to be looked up, and some pages show the same dozens each time.
"""

import functools
from collections.abc import Callable
from typing import TypeVar

from flask import has_app_context

from core.web.reading.preferences import present_locale

T = TypeVar("T")


def once_per_language(build: Callable[[], T]) -> Callable[[], T]:
    """Have a function without parameters build its texts once for each language."""
    built: dict[str, T] = {}

    @functools.wraps(build)
    def read() -> T:
        if not has_app_context():
            return build()
        language = str(present_locale())
        texts = built.get(language)
        if texts is None:
            texts = built[language] = build()
        return texts

    return read
