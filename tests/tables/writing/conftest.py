"""The shared facts, as the tests of reading take them."""

from tests.tables.reading.conftest import facts

__all__ = ["facts"]
