"""Templates that hold where no county says anything: the pairs of village and government items."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from core.catalog.domain.inheritance import EffectiveItem
from core.catalog.domain.matching import normalize_name
from core.catalog.domain.naming import item_name, item_names

#: Items of the same things that have no lists: rules, guides, supervision.
_WITHOUT_LIST = re.compile(r"政策|法规|指南|监督|标准$|申领")
_FILE = Path(__file__).with_name("national.json")


@cache
def _load() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = json.loads(_FILE.read_text("utf-8"))
    return loaded


def find_default(item: EffectiveItem) -> Mapping[str, Any] | None:
    """Return the fields of the national template whose name an item's own name holds."""
    if _WITHOUT_LIST.search(item_name(item.fields)):
        return None
    name = normalize_name("".join(item_names(item.fields)))
    for template in _load()["templates"]:
        if any(normalize_name(known) in name for known in template["names"]):
            return {**template["fields"], "phrases": _load()["phrases"]}
    return None
