"""What is typed outlives a lost network and a lost session; scripts in a text never run."""

from playwright.sync_api import expect

from tests.publishing.body.script_samples import SCRIPTS

# Each is pasted, then written into the plain field, with a frame in between in which it could run.
PASTE_AND_WRITE = """async (scripts) => {
  const field = document.querySelector('#body');
  for (const script of scripts) {
    const data = new DataTransfer();
    data.setData('text/html', script);
    data.setData('text/plain', 'x');
    const options = {clipboardData: data, bubbles: true, cancelable: true};
    const paste = new ClipboardEvent('paste', options);
    document.querySelector('#body-rich').dispatchEvent(paste);
    await new Promise(requestAnimationFrame);
    field.value = script;
    field.dispatchEvent(new Event('input', {bubbles: true}));
    await new Promise(requestAnimationFrame);
  }
}"""


def test_a_lost_network_and_a_lost_session_lose_nothing(writer):
    page, said = writer.page, writer.page.locator("[data-autosave] [data-said]")
    writer.rich.fill("第一段")
    expect(said).to_contain_text("已自动保存", timeout=30_000)
    page.context.set_offline(True)
    writer.rich.fill("第一段,断网后写的")
    expect(said).to_contain_text("没有网络", timeout=30_000)
    page.context.set_offline(False)
    expect(said).to_contain_text("已自动保存", timeout=30_000)
    page.context.clear_cookies()
    writer.rich.fill("第一段,断网后写的,登录失效后写的")
    link = page.get_by_role("link", name="在新窗口重新登录")
    expect(link).to_be_visible(timeout=30_000)
    with page.context.expect_page() as opened:
        link.click()
    writer.sign_in(opened.value)
    opened.value.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(link).to_be_hidden(timeout=30_000)
    expect(said).to_contain_text("已自动保存", timeout=30_000)
    expect(writer.source).to_have_value("第一段,断网后写的,登录失效后写的")
    page.evaluate("localStorage.clear()")  # as on another device
    page.evaluate("window.onbeforeunload = null")
    page.reload()
    offer = page.locator("[data-offered-work]").first
    expect(offer).to_contain_text("登录失效后写的")
    offer.get_by_role("link", name="采用").click()
    expect(writer.rich).to_have_text("第一段,断网后写的,登录失效后写的")


def test_no_disguise_of_a_script_runs(writer):
    page = writer.page
    writer.rich.click()
    page.evaluate(PASTE_AND_WRITE, SCRIPTS)
    writer.write("<p>完</p>" + "".join(f"<p>正文</p>{script}" for script in SCRIPTS))
    expect(writer.preview).to_contain_text("完", timeout=30_000)
    assert page.evaluate("window.ran === undefined")
    links = page.evaluate(
        "[...document.querySelectorAll('#text-preview a, #body-rich a')].map(a => a.protocol)"
    )
    assert set(links) <= {"http:", "https:"}


def test_a_preview_refused_for_its_rate_is_asked_for_again(writer):
    refused = []

    def refuse_once(route):
        if refused:
            return route.continue_()
        refused.append(route)
        return route.fulfill(status=429, json={"message": "too many"})

    writer.page.route("**/publications/text/", refuse_once)
    writer.write("写到一半")
    expect(writer.preview).to_contain_text("写到一半", timeout=30_000)
    assert refused
