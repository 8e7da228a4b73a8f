"""Whatever happens in a tree, a file that is linked is to the byte what would be made now."""

from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from core import clock
from core.clock import today
from core.static_pages.falling import find_folder
from core.static_pages.folder import INDEX
from core.testing.factories.catalog import FIRST, SECOND, define_items
from core.testing.kit import open_search_index
from tests.static_pages.files import HOST, write
from tests.web.page_cache.test_truth import LEVELS, PLACES, UNCACHED, Site


class SiteInFiles(Site):
    """The same site; its pages are written ahead between changes."""

    compared = 0

    @invariant()
    def kept_pages_are_true(self):
        """Files only: what is kept in memory has its own test."""

    @invariant()
    def files_are_true(self):
        client = self.app.test_client(use_cookies=False)
        for name in PLACES[:2]:
            code = getattr(self.tree, name).division_code
            top = find_folder().live / HOST / code / today().isoformat()
            for file in top.rglob(INDEX):
                path = file.parent.relative_to(top).as_posix()
                address = f"/{code}/" if path == "." else f"/{code}/{path}/"
                made = client.get(address, base_url=f"https://{HOST}", headers={"Cookie": UNCACHED})
                assert file.read_bytes() == made.data, address
                type(self).compared += 1
            write(code)


def test_files_are_true(app, tree, set_clock):
    open_search_index()
    items = {FIRST: ("政策法规文件", LEVELS), SECOND: ("办理流程", LEVELS)}
    define_items(tree.nation, "jiuzhu", "社会救助", items)
    elapsed = [clock.now()]

    def advance(minutes):
        elapsed[0] += timedelta(minutes=minutes)
        set_clock(elapsed[0])

    advance(0)
    SiteInFiles.app, SiteInFiles.tree, SiteInFiles.advance = app, tree, staticmethod(advance)
    run_state_machine_as_test(
        SiteInFiles,
        settings=settings(
            max_examples=2,
            stateful_step_count=10,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert SiteInFiles.compared > 20
