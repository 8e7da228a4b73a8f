"""Lists of typed rows."""

import pytest

from core.publishing.lists.domain.model import ColumnType, ListData, TypedColumn

HOUSEHOLDS = (("王大山", "12.5", "1500.00"), ("李秀英", "8", "960.00"))


@pytest.fixture
def subsidies() -> ListData:
    """A list of two households, with totals."""
    columns = (
        TypedColumn("household", "户主", ColumnType.NAME),
        TypedColumn("area", "面积", ColumnType.NUMBER, "亩"),
        TypedColumn("amount", "金额", ColumnType.MONEY, "元"),
    )
    return ListData(columns, HOUSEHOLDS, "耕地地力保护补贴发放表", ("合计", "20.5", "2460.00"))
