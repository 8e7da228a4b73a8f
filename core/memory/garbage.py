"""When Python looks for garbage: not while the program is loaded, never through what was loaded.

What is loaded stays to the end, and there is much of it: each collection on the way visits all of
it in vain (together a fifth of a second of processor time). Importing this module begins the pause,
so it comes first; `freeze_loaded` ends it.
"""

import gc
from functools import cache

gc.disable()


@cache
def freeze_loaded() -> None:
    """Have collections begin, and pass over what is loaded; once in a process.

    Workers that are forked from this process go on sharing it, and the process ends sooner.
    """
    freeze()
    gc.enable()


def freeze() -> None:
    """Have collections pass over all that there is now: it would be visited, and copied, in vain.

    Before workers are forked, and before a process ends.
    """
    gc.freeze()
