"""The editor of formatted text: by mouse, by keyboard alone, with an input method; two widths."""

from io import BytesIO

from PIL import Image
from playwright.sync_api import expect

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<meta name=Generator content="Microsoft Word 15"><style>p{color:red}</style></head><body>
<!--StartFragment--><h1>一、补贴对象</h1>
<p class=MsoNormal><span style='font-family:仿宋;color:red'>种粮农民<o:p></o:p></span></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>1.<span>&nbsp; </span></span><![endif]>申报<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span
style='mso-list:Ignore'>2.</span>公示</p>
<table><thead><tr><td><p>姓名</p></td><td><p>金额</p></td></tr></thead>
<tr><td><p>马某</p></td><td><p>100</p></td></tr></table><!--EndFragment--></body></html>"""


def picture():
    stream = BytesIO()
    Image.new("RGB", (80, 60), "green").save(stream, "PNG")
    return {"name": "路灯.png", "mimeType": "image/png", "buffer": stream.getvalue()}


def test_plain_lines_stay_plain_text(writer):
    writer.page.get_by_role("textbox", name="正文").fill("第一段\n姓名\t金额")
    expect(writer.source).to_have_value("第一段\n姓名\t金额")
    writer.tool("纯文本").click()
    expect(writer.rich).to_be_hidden()
    expect(writer.source).to_be_focused()
    writer.look()
    writer.source.fill("改过")
    writer.page.get_by_role("button", name="排版编辑").click()
    expect(writer.rich).to_have_text("改过")


def test_the_keyboard_alone_is_enough(writer):
    page = writer.page
    page.get_by_label("标题", exact=True).focus()
    page.keyboard.press("Tab")
    expect(writer.tool("大标题")).to_be_focused()
    page.keyboard.press("End")
    expect(writer.tool("纯文本")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    expect(writer.rich).to_be_focused()
    page.keyboard.type("收支")
    page.keyboard.press("Alt+F10")
    expect(writer.tool("大标题")).to_be_focused()
    page.keyboard.press("Enter")
    expect(writer.rich).to_be_focused()
    expect(writer.tool("大标题")).to_have_attribute("aria-pressed", "true")
    expect(writer.source).to_have_value("<h2>收支</h2>")
    for key in ("Control+z", "Control+z"):  # what came quickly after another is one step
        page.keyboard.press(key)
    expect(writer.source).to_have_value("")
    for key in ("Control+y", "Control+y"):
        page.keyboard.press(key)
    expect(writer.source).to_have_value("<h2>收支</h2>")


def test_a_table_with_caption_and_headings_is_previewed_as_it_will_be(writer):
    page = writer.page
    writer.rich.click()
    writer.tool("插入表格").click()
    page.keyboard.type("姓名")
    for word in ("金额", "备注"):
        page.keyboard.press("Tab")
        page.keyboard.type(word)
    page.get_by_label("表格标题").fill("补贴名单")
    page.keyboard.press("Enter")
    expect(writer.rich).to_be_focused()
    writer.tool("加一行").click()
    writer.tool("加一列").click()
    expect(writer.rich.locator("tr")).to_have_count(4)
    expect(writer.rich.locator("tr").first.locator("th")).to_have_count(4)
    page.keyboard.press("Tab")
    page.keyboard.type("经办")
    expect(writer.rich.locator("th").last).to_have_text("经办")
    writer.rich.locator("td").first.click()
    writer.tool("删除此行").click()
    expect(writer.rich.locator("tr")).to_have_count(3)
    page.keyboard.type("马某")
    show = page.get_by_role("button", name="查看正文效果")
    if show.is_visible():
        show.click()
    expect(writer.preview.locator("caption")).to_have_text("补贴名单")
    expect(writer.preview.locator("th[scope=col]").first).to_have_text("姓名")
    writer.look()


def test_what_word_copies_comes_with_its_lists_and_tables(writer):
    writer.paste(WORD)
    expect(writer.rich.locator("ol li")).to_have_text(["申报", "公示"])
    expect(writer.rich.locator("h2")).to_have_text("一、补贴对象")
    expect(writer.rich.locator("th")).to_have_text(["姓名", "金额"])
    assert "Mso" not in writer.source.input_value()
    assert "style" not in writer.source.input_value()


def test_a_link_is_checked(writer):
    page = writer.page
    writer.rich.fill("办事指南")
    page.keyboard.press("Control+a")
    writer.tool("链接").click()
    page.get_by_label("链接地址").fill("javascript:alert(1)")
    page.keyboard.press("Enter")
    expect(page.locator("[data-error=link]")).to_be_visible()
    writer.look()
    page.get_by_label("链接地址").fill("https://example.com/a")
    page.keyboard.press("Enter")
    expect(writer.source).to_have_value('<p><a href="https://example.com/a">办事指南</a></p>')


def test_a_picture_stands_in_the_text_with_its_words(writer):
    page = writer.page
    writer.rich.fill("路灯已装好。")
    writer.fill_rest(f"路灯安装公告{page.viewport_size['width']}")
    page.locator("#photos").set_input_files(picture())
    page.get_by_role("button", name="上传并继续编写").click()
    expect(page.locator("[data-kept-picture]")).to_have_count(1)
    expect(writer.rich).to_have_text("路灯已装好。")
    writer.rich.click()
    page.keyboard.press("Control+End")
    writer.tool("图片").click()
    writer.tool("插入正文").click()
    expect(page.locator("[data-error=alt]")).to_be_visible()
    page.locator("[data-value=alt]").fill("村口的新路灯")
    page.keyboard.press("Enter")
    expect(writer.rich.locator("img[src]")).to_have_attribute("alt", "村口的新路灯")
    writer.look()
    page.get_by_role("button", name="存为草稿").click()
    shown = page.locator(".article__body img")
    expect(shown).to_have_count(1)
    expect(shown).to_have_attribute("alt", "村口的新路灯")
    assert shown.evaluate("one => one.naturalWidth") == 80


def test_an_input_method_is_not_disturbed(writer):
    writer.rich.click()
    keys = writer.page.context.new_cdp_session(writer.page)
    for so_far in ("g", "go", "gong", "公"):
        keys.send(
            "Input.imeSetComposition",
            {"text": so_far, "selectionStart": len(so_far), "selectionEnd": len(so_far)},
        )
    keys.send("Input.insertText", {"text": "公开𠮷😀"})
    expect(writer.source).to_have_value("公开𠮷😀")


def test_what_is_too_long_to_paste_is_said_and_nothing_is_lost(writer):
    writer.rich.fill("已经写好的")
    writer.page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData('text/plain', '长'.repeat(17_000_000));
          const how = {clipboardData: data, bubbles: true, cancelable: true};
          document.querySelector('#body-rich').dispatchEvent(new ClipboardEvent('paste', how));
        }"""
    )
    expect(writer.page.locator(".editor [data-said]")).to_contain_text("过长")
    expect(writer.source).to_have_value("已经写好的")


def test_modes_and_zoom(writer):
    writer.paste(WORD)
    writer.page.evaluate("document.documentElement.classList.add('high-contrast')")
    writer.look()
    writer.page.evaluate("document.documentElement.className = 'elder'")
    writer.look()
    writer.page.set_viewport_size({"width": 320, "height": 640})
    writer.look()
