"""What hooks ask plugins for, and how much of it they may give.

Apart from how it is validated (`validation`): that loads pydantic, which a program needs when the
first plugin has answered, and not before.
"""

from dataclasses import dataclass

# So many contributions of one plugin to one page.
MOST = 50
# Characters of a text, and of an address.
LONGEST_TEXT = 500
LONGEST_ADDRESS = 2_000


class InvalidResult(TypeError):  # noqa: N818 - named for what it reports
    """A plugin returned something else than the hook asks for; says so without the values."""


@dataclass(frozen=True, slots=True)
class ResultKind:
    """What a hook asks for: several of a class, at most so many, or one plain value.

    The class is a contribution of the kit (`core.plugins.api.contributions`), or `None` where a
    hook gives nothing back; a mapping is checked as texts by name.
    """

    kind: type
    is_several: bool = True
    most: int = MOST
