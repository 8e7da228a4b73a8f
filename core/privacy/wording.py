"""The general rules of sensitive wording, from the data file beside this module."""

import re
import tomllib
from functools import cache
from pathlib import Path

from core.privacy.domain.wording import SensitiveRule, WordRules

_FILE = Path(__file__).with_name("wording.toml")


@cache
def general_words() -> WordRules:
    """Return the rules that hold everywhere: Taiwan, Hong Kong, Macao, old names of ministries.

    A place's own list is added to them (`core.publishing.guard.settings.choices.load_words`).
    """
    with _FILE.open("rb") as file:
        entries = tomllib.load(file)["rule"]
    return WordRules(
        tuple(
            SensitiveRule(re.compile(entry["pattern"]), entry["better"], entry.get("note", ""))
            for entry in entries
        )
    )
