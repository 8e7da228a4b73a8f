"""The shared facts, as the tests of reading take them."""

from tests.catalog.reading.conftest import facts

__all__ = ["facts"]
