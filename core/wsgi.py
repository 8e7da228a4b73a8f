"""What gunicorn serves; it is loaded once, and the workers are forked from it."""

import gc

from core.app import create_app
from core.search.query.lexicon import national_lexicon
from core.search.text.tokenizer import cut, fold
from core.storage.private import write_privately


def share_dictionaries() -> None:
    """Load the dictionaries of searches before workers are forked: about 90 MiB that they share.

    Each worker would load its own with its first search. What is frozen is not visited by garbage
    collections, which would copy its pages.
    """
    cut(fold("政务公开"))
    national_lexicon()
    gc.freeze()


write_privately()
app = create_app()
share_dictionaries()
