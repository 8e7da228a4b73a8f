"""A village clerk is invited on paper, signs in on a phone, and is closed when he leaves."""

from playwright.sync_api import expect

PHONE = {"width": 390, "height": 844}
PASSWORD = "柳湾村的桂花今年开得早"


def test_a_clerk_comes_and_leaves(page, look, site, browser):
    page.set_viewport_size(PHONE)
    look(f"{site.url}/sign-in/")
    page.get_by_label("账号").fill("town-officer")
    page.get_by_label("密码").fill(site.sign_ins["town-officer"])
    page.get_by_role("button", name="登录").click()
    look(f"{site.url}/990101100/console/people/new/")
    page.get_by_label("姓名").fill("李信")
    page.get_by_label("账号", exact=True).fill("lixin")
    page.locator("#place").select_option("990101100204")
    page.locator("#role").select_option("clerk")
    page.get_by_role("button", name="建立账号").click()
    code = (
        page.locator("dt", has_text="一次性口令")
        .locator("xpath=following-sibling::dd[1]")
        .inner_text()
    )
    address = (
        page.locator("dt", has_text="地址").locator("xpath=following-sibling::dd[1]").inner_text()
    )
    page.get_by_role("link", name="查看此人").click()
    person = page.url

    phone = browser.new_context(viewport=PHONE, locale="zh-CN")
    clerk = phone.new_page()
    clerk.goto(address)
    clerk.get_by_label("账号").fill("lixin")
    clerk.get_by_label("一次性口令").fill(code.lower())
    clerk.get_by_label("新密码", exact=True).fill(PASSWORD)
    clerk.get_by_label("再次输入新密码").fill(PASSWORD)
    clerk.get_by_role("button", name="设置密码并登录").click()
    clerk.get_by_role("link", name="柳湾村").click()
    expect(clerk.get_by_role("heading", level=1)).to_contain_text("待办事项")

    look(person)
    expect(page.locator("main")).to_contain_text("使用中")
    page.get_by_role("button", name="停用账号").click()
    expect(page.locator("main")).to_contain_text("已停用")
    clerk.reload()
    expect(clerk.get_by_role("heading", level=1)).to_contain_text("登录")
    phone.close()
