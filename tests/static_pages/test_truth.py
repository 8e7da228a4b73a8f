"""Whatever happens in a tree, a file that is linked is to the byte what would be made now."""

from hypothesis.stateful import invariant

from core.clock import today
from core.static_pages.falling import find_folder
from core.static_pages.folder import INDEX
from tests.static_pages.files import HOST, write
from tests.web.page_cache.test_truth import PLACES, UNCACHED, Site, run_site


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
    run_site(SiteInFiles, app, tree, set_clock, max_examples=2, stateful_step_count=10)
    assert SiteInFiles.compared > 20
