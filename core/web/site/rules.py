"""Routes whose addresses are written by functions that are compiled when they are first used.

Werkzeug compiles two for each rule when it is added: for 200 rules a tenth of a second, and a
process writes addresses of a few dozen.
"""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]


class LazyRule(Rule):
    """A rule that compiles its builders when an address is written."""

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        compiled: list[Any] = []

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            if not compiled:
                function = super(LazyRule, self)._compile_builder(append_unknown)
                compiled.append(function.__get__(rule, None))
            written: tuple[str, str] = compiled[0](**values)
            return written

        return build
