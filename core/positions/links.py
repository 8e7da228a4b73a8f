"""Links to map applications, each in its own datum; they are followed, never fetched."""

from collections.abc import Iterator
from urllib.parse import urlencode

from flask_babel import gettext as _

from core.geography.domain.datums import Datum, GeoPosition, convert_position, is_offset_removed


def list_map_links(
    entered: GeoPosition, name: str, address: str = "", *, may_remove_offset: bool
) -> Iterator[dict[str, str]]:
    """Yield label and address of the links to a position.

    Applications that want true positions are left out where those must not be found again.
    """
    for label, datum, build in (
        (_("Amap"), Datum.GCJ02, _amap),
        (_("Baidu Maps"), Datum.BD09, _baidu),
        (_("Tencent Maps"), Datum.GCJ02, _tencent),
        (_("Tianditu"), Datum.CGCS2000, _tianditu),
        (_("Other map application"), Datum.WGS84, _geo),
    ):
        if may_remove_offset or not is_offset_removed(entered.datum, datum):
            lng, lat = (f"{degrees:.6f}" for degrees in convert_position(entered, datum).pair)
            yield {"label": label, "url": build(lng, lat, name, address)}


def _amap(lng: str, lat: str, name: str, _address: str) -> str:
    asked = {"position": f"{lng},{lat}", "name": name, "coordinate": "gaode"}
    return f"https://uri.amap.com/marker?{urlencode(asked)}"


def _baidu(lng: str, lat: str, name: str, address: str) -> str:
    asked = {
        "location": f"{lat},{lng}",
        "title": name,
        "content": address or name,
        "output": "html",
        "coord_type": "bd09ll",
    }
    return f"https://api.map.baidu.com/marker?{urlencode(asked)}"


def _tencent(lng: str, lat: str, name: str, _address: str) -> str:
    title = name.replace(";", " ").replace(":", " ")
    asked = {"marker": f"coord:{lat},{lng};title:{title}", "referer": "gongkai"}
    return f"https://apis.map.qq.com/uri/v1/marker?{urlencode(asked)}"


def _tianditu(lng: str, lat: str, _name: str, _address: str) -> str:
    return f"https://map.tianditu.gov.cn/?{urlencode({'center': f'{lng},{lat}', 'zoom': 17})}"


def _geo(lng: str, lat: str, _name: str, _address: str) -> str:
    return f"geo:{lat},{lng}"
