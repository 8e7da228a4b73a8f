"""A clerk with the form of a new publication open, at a desk and on a phone."""

import pytest

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
FORM = "/990101/console/publications/new/form/"
PASTE = """([selector, html, text]) => {
  const data = new DataTransfer();
  data.setData('text/html', html);
  data.setData('text/plain', text);
  const paste = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
  document.querySelector(selector).dispatchEvent(paste);
}"""


class Writer:
    """Somebody who writes a publication in a browser."""

    def __init__(self, page, look, site):
        self.page, self.look, self.site = page, look, site
        self.rich = page.locator("#body-rich")
        self.source = page.locator("#body")
        self.preview = page.locator("#text-preview")

    def sign_in(self, page=None):
        page = page or self.page
        page.goto(f"{self.site.url}/sign-in/")
        page.get_by_label("账号").fill("county-officer")
        page.get_by_label("密码").fill(self.site.sign_ins["county-officer"])
        page.get_by_role("button", name="登录").click()
        page.wait_for_load_state()

    def open_form(self):
        self.look(f"{self.site.url}{FORM}")

    def tool(self, name):
        return self.page.locator(".editor").get_by_role("button", name=name, exact=True)

    def paste(self, html, text=""):
        self.rich.click()
        self.page.evaluate(PASTE, ["#body-rich", html, text])

    def write(self, text):
        """Put a text into the field that the editor stands for, as what the device kept is put."""
        self.source.evaluate(
            "(field, text) => { field.value = text;"
            " field.dispatchEvent(new Event('input', {bubbles: true})); }",
            text,
        )

    def fill_rest(self, title):
        self.page.get_by_label("标题", exact=True).fill(title)
        self.page.get_by_label("不对应公开事项的理由").fill("自愿公开")
        if not self.page.locator("#organ_id").input_value():
            self.page.locator("#organ_id").evaluate(
                "one => { one.selectedIndex = 1; one.closest('details').open = true }"
            )


@pytest.fixture(params=["desk", "phone"])
def writer(request, page, look, site):
    page.set_viewport_size(DESK if request.param == "desk" else PHONE)
    page.on("dialog", lambda dialog: dialog.accept())
    clerk = Writer(page, look, site)
    clerk.sign_in()
    clerk.open_form()
    return clerk
