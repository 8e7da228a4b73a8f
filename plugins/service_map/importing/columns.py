"""The columns of lists of points, and what their cells mean."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from core.sdk import Datum, ListColumn

from ..i18n import _
from ..points.fields import parse_pair, parse_phones

_NUMBER = re.compile(r"(?:东经|北纬|[EN])?\s*([+-]?[0-9]{1,3}(?:\.[0-9]+)?)\s*[°度]?\s*[EN]?")
_PARTS = re.compile(r"[、;；\n|]+|(?<![0-9])[,，]|[,，](?![0-9])")
# Words in a heading that name the datum of the coordinates below it.
_DATUMS = {
    Datum.GCJ02: ("gcj", "高德", "腾讯", "火星"),
    Datum.BD09: ("bd09", "bd-09", "百度", "baidu"),
    Datum.CGCS2000: ("cgcs", "天地图", "国家2000", "2000"),
    Datum.WGS84: ("wgs", "84", "gps"),
}
_SUFFIXES = ("", "gcj02", "wgs84", "bd09", "cgcs2000")


def list_columns() -> tuple[ListColumn, ...]:
    """Return the columns, with the headings by which offices call them."""
    return (
        ListColumn("name", _("Name of the point"),
                   ("名称", "服务点名称", "站点名称", "网点名称", "单位名称", "name"),
                   required=True, longest=120),
        ListColumn("key", _("Number in the list"), ("编号", "编码", "站点编号", "id"), longest=80),
        ListColumn("type_key", _("Type"), ("类型", "类别", "站点类型", "服务点类型"), longest=40),
        ListColumn("division", _("Division code"), ("区划代码", "行政区划代码", "division_code")),
        ListColumn("township", _("Township of the point"),
                   ("乡镇", "街道", "乡镇街道", "所属乡镇", "所在乡镇", "所属区域", "区域")),
        ListColumn("village", _("Village of the point"),
                   ("村", "社区", "村社区", "行政村", "所在村")),
        ListColumn("address", _("Address"), ("地址", "详细地址", "办公地址", "位置")),
        ListColumn("phones", _("Telephone"), ("联系电话", "电话", "咨询电话", "电话号码", "phone"),
                   parse=_parse_phones),
        ListColumn("hours_text", _("Opening hours"),
                   ("开放时间", "服务时间", "办公时间", "工作时间", "营业时间", "hours"),
                   longest=500),
        ListColumn("lng", _("Longitude"), _with_datums("经度", "lng", "lon", "longitude"),
                   parse=_parse_degrees),
        ListColumn("lat", _("Latitude"), _with_datums("纬度", "lat", "latitude"),
                   parse=_parse_degrees),
        ListColumn("pair", _("Position"), _with_datums("坐标", "经纬度", "location"),
                   parse=_parse_pair),
        ListColumn("datum", _("Coordinate system"), ("坐标系", "坐标系统", "datum", "crs"),
                   parse=_parse_datum),
        ListColumn("offers", _("Services offered"), ("服务事项", "办理事项", "服务内容", "业务范围",
                   "services"), longest=2_000, parse=split_services),
        ListColumn("materials", _("What to bring"), ("所需材料", "办事材料", "materials"),
                   longest=2_000),
        ListColumn("in_charge", _("Post in charge"), ("负责岗位", "责任岗位"), longest=60),
        ListColumn("way", _("How to get there"), ("乘车路线", "交通", "交通指引"), longest=300),
        ListColumn("access_note", _("Further on accessibility"), ("无障碍设施", "无障碍"),
                   longest=300),
    )  # fmt: skip


def _with_datums(*names: str) -> tuple[str, ...]:
    return tuple(name + suffix for name in names for suffix in _SUFFIXES)


def find_datum(headings: Mapping[str, str]) -> Datum | None:
    """Find the datum that the headings of the coordinates name, such as `lng_gcj02`."""
    named = " ".join(headings.get(key, "") for key in ("lng", "lat", "pair")).lower()
    return next(
        (datum for datum, words in _DATUMS.items() if any(word in named for word in words)), None
    )


def split_services(text: str) -> list[str]:
    """Split a cell of services; each once, in their order."""
    return list(dict.fromkeys(part.strip() for part in _PARTS.split(text) if part.strip()))


def _parse_phones(text: str) -> list[dict[str, str]]:
    try:
        return parse_phones(text)
    except ValidationError as error:
        raise ValueError(str(error.messages[0])) from error


def _parse_degrees(text: str) -> float:
    number = _NUMBER.fullmatch(text.strip())
    if number is None:
        raise ValueError(_("This is no coordinate in degrees: %(text)s", text=text[:30]))
    return float(number[1])


def _parse_pair(text: str) -> tuple[float, float]:
    pair = parse_pair(text)
    if pair is None:
        raise ValueError(_("This is no coordinate in degrees: %(text)s", text=text[:30]))
    return pair


def _parse_datum(text: str) -> Any:
    found = find_datum({"lng": text})
    if found is None:
        raise ValueError(_("This coordinate system is not known: %(text)s", text=text[:30]))
    return found
