"""The database column of a list: one text, which triggers compare on every database."""

import json
from typing import Any

from sqlalchemy import Dialect, Text, TypeDecorator

from core.publishing.lists.domain.model import ListData, from_json, to_json


class ListDataType(TypeDecorator[ListData]):
    """A `ListData` as JSON in a text column; NULL is no list.

    PostgreSQL cannot compare columns of its type JSON, and the rule that a published list changes
    by a reviewed revision only compares them.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: ListData | None, dialect: Dialect) -> str | None:
        del dialect
        if value is None:
            return None
        return json.dumps(to_json(value), ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: Any, dialect: Dialect) -> ListData | None:
        del dialect
        return None if value is None else from_json(json.loads(value))
