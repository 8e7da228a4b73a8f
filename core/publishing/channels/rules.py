"""Which channels let something be on the web (pure): 只上墙不上网 is the catalog's decision.

Where the channels of an item do not name the government site, the printed sheet and its evidence
meet the duty. What the catalog does not say keeps nothing from the web.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

# 政府网站, 县政府门户网站, 政府信息公开平台; not 公共资源交易平台, which is another's.
_SITE = re.compile(r"网站|信息公开平台|政务公开平台")
_DENIED = re.compile(r"[不非除][^,;，；、]{0,6}(?:网站|平台)")
# 本村村民, 所在村(社区)居民, 本集体经济组织成员: the place's own people.
_OWN_PEOPLE = re.compile(
    r"(?:本|所在)(?:村|社区|居|组|集体|合作社|屯|队)[^,;，；、]{0,8}(?:村民|居民|成员|社员)"
)


def names_site(channels: Sequence[Any]) -> bool:
    """Return whether one of the channels is the government site."""
    return any(
        _SITE.search(str(each)) is not None and _DENIED.search(str(each)) is None
        for each in channels
    )


def is_for_own_people(audience: Any) -> bool:
    """Return whether an audience (公开对象) is a group of the place's own people only."""
    if not isinstance(audience, Mapping) or audience.get("kind") != "group":
        return False
    return _OWN_PEOPLE.search(str(audience.get("text") or "")) is not None


def may_be_on_web(fields: Mapping[str, Any] | None, *, own_people_on_board: bool = False) -> bool:
    """Return whether what serves an item with these fields may be on the web.

    Channels that are known decide. Where they are not, what is for the place's own people only goes
    to the board; with `own_people_on_board` it does whatever channels are named.
    """
    if fields is None:
        return True
    channels = fields.get("channels")
    for_own_people = is_for_own_people(fields.get("audience"))
    if for_own_people and own_people_on_board:
        return False
    if isinstance(channels, Sequence) and not isinstance(channels, str) and channels:
        return names_site(channels)
    return not for_own_people
