import pytest
pytestmark = pytest.mark.both_databases
def test_migrates(app):
    pass
