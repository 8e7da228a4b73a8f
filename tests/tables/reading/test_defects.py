"""Small tables, each with one thing that real ones have and the shared files have not."""

import datetime as dt
import io

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook

from core.tables.read import read_catalogs

NAMES = "序号|一级事项|二级事项|公开内容|公开依据|公开时限|公开主体"
LINE = "1|综合业务|监督检查|1.电话|《预算法》|及时公开|民政局"


def read(text, name="a.txt"):
    return read_catalogs(text.encode() if isinstance(text, str) else text, name)


def rows(text, name="a.txt"):
    (catalog,) = read(text, name).catalogs
    return catalog.rows


def codes(result):
    return {(finding.code, finding.row, finding.field) for finding in result.findings}


def one(label, value, *, extra=""):
    """The only row of a table with one more column."""
    return rows(f"{NAMES}|{label}\n{LINE}|{value}{extra}")[0]


@pytest.mark.parametrize(
    ("value", "levels"),
    [
        ("县级", ["county"]),
        ("县、乡两级", ["county", "township"]),
        ("县级、乡级、村级", ["county", "township", "village"]),
        ("县(市、区)级", ["county"]),
        ("乡镇(街道)级/村级", ["township", "village"]),
        ("县乡村三级", ["county", "township", "village"]),
        ("■县级□乡级■村级", ["county", "village"]),
        ("各级", None),
        ("省级", None),
    ],
)
def test_levels_in_one_column(value, levels):
    got = one("公开层级", value).levels
    assert got == (levels and tuple(levels))


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("全社会", "everyone", None),
        ("面向社会", "everyone", None),
        ("特定群体:申请人", "group", "申请人"),
        ("特定群众(本村村民)", "group", "本村村民"),
        ("全体村民", "group", "全体村民"),
        ("■全社会 □特定群体", "everyone", None),
        ("□全社会 ■特定群体", "group", None),
    ],
)
def test_audience_in_one_column(value, kind, text):
    got = one("公开对象", value).audience
    assert (got.kind, got.text) == (kind, text)


@pytest.mark.parametrize("value", ["√", "全社会、特定群体", "■全社会■特定群体", ""])
def test_an_audience_that_cannot_be_known_is_null_with_a_finding(value):
    result = read(f"{NAMES}|公开对象\n{LINE}|{value}")
    assert result.catalogs[0].rows[0].audience is None
    assert any(field == "audience" for _, row, field in codes(result) if row == 0)


@pytest.mark.parametrize(
    ("value", "mode"),
    [
        ("主动公开", "proactive"),
        ("依申请", "on_request"),
        ("■主动 □依申请", "proactive"),
        ("主动、依申请", None),
        ("网上", None),
    ],
)
def test_mode_in_one_column(value, mode):
    assert one("公开方式", value).mode == mode


@pytest.mark.parametrize(
    ("value", "channels"),
    [
        ("■其他:会议", ["其他:会议"]),
        ("■其他(会议)■行政服务中心", ["其他:会议", "政务服务中心"]),
        ("■其他____ ■政府服务中心", ["其他", "政务服务中心"]),
        ("村务公开栏、微信群", ["村务公开栏", "微信群"]),
        ("发布会、听证会、入户、现场", ["发布会/听证会", "入户/现场"]),
        ("☑政府网站 ☐政府公报", ["政府网站"]),
        ("√政府网站 √铁力市政府网站", ["政府网站", "铁力市政府网站"]),
        ("政府网站√ 政府公报□", ["政府网站"]),
        ("R政府网站 £政府公报", ["政府网站"]),
        ("■社区/企事业单位/村公示栏(电子屏)", ["社区/企事业单位/村公示栏(电子屏)"]),
        ("■政府网站(www.x.gov.cn)", ["政府网站"]),
        ("办事窗口、政府网站", ["办事窗口", "政府网站"]),
        ("□政府网站 □政府公报", None),
        ("口政府网站 口办事窗口", None),
    ],
)
def test_channels(value, channels):
    assert one("公开渠道和载体", value).channels == (channels and tuple(channels))


def test_all_channels_without_any_tick_are_not_all_chosen():
    names = (
        "政府网站 政府公报 两微一端 发布会/听证会 广播电视 纸质媒体 公开查阅点 政务服务中心"
        " 便民服务站 入户/现场 社区/企事业单位/村公示栏(电子屏) 精准推送 其他"
    )
    result = read(f"{NAMES}|公开渠道和载体\n{LINE}|{names}")
    assert result.catalogs[0].rows[0].channels is None
    assert ("channel-ticks-lost", 0, "channels") in codes(result)


@pytest.mark.parametrize(
    ("cell", "elements"),
    [
        ("1.条件2.材料3.流程", ["条件", "材料", "流程"]),
        ("①条件②材料", ["条件", "材料"]),
        ("(1)条件;(2)材料;", ["条件", "材料"]),
        ("●名称●文号〇解读", ["名称", "文号", "〇解读"]),
        ("一、条件:1.甲2.乙;二、材料", ["条件:1.甲2.乙", "材料"]),
        ("依据;指南(对象、范围);结果", ["依据", "指南(对象、范围)", "结果"]),
        ("名称、地址(省、市)、床位", ["名称", "地址(省、市)", "床位"]),
        ("1.第2.3条规定2.其他", ["第2.3条规定", "其他"]),
        ("1.查封、扣押决定书(全文公开)", ["查封、扣押决定书(全文公开)"]),
        ("二〇二六年计划", ["二〇二六年计划"]),
        ("按规定公开设立、变更情况,逐项列明。", ["按规定公开设立、变更情况,逐项列明"]),
    ],
)
def test_elements(cell, elements):
    got = rows(NAMES + "\n" + LINE.replace("1.电话", cell))[0].content_elements
    assert got == tuple(elements)


@pytest.mark.parametrize(
    ("cell", "citations"),
    [
        ("《A》《B》(文〔2017〕1号)第3条", ["《A》", "《B》(文〔2017〕1号)第3条"]),
        ("【法律】《A》【法规】《B》", ["【法律】《A》", "【法规】《B》"]),
        ("关于印发《A》的通知", ["关于印发《A》的通知"]),
        ("《关于落实〈A〉的通知》", ["《关于落实〈A〉的通知》"]),
        ("信息公开条例及 相关规定", ["信息公开条例及相关规定"]),
    ],
)
def test_citations_joined_give_the_cell(cell, citations):
    got = rows(NAMES + "\n" + LINE.replace("《预算法》", cell))[0].legal_basis
    assert got == tuple(citations)
    assert "".join(got) == "".join(cell.split())


def test_ditto_takes_the_value_above_and_has_none_in_the_first_row():
    result = read(
        NAMES + "\n1|甲|乙|a|同上|及时|民政局\n2|甲|丙|同上|《A》|同上|〃".replace("〃", "同上")
    )
    first, second = result.catalogs[0].rows
    assert first.legal_basis is None
    assert (second.content_elements, second.time_limit) == (("a",), "及时")
    assert second.responsible_organ == ("民政局",)
    assert ("ditto-nothing", 0, "legal_basis") in codes(result)


def test_an_extra_column_is_kept_under_its_label():
    assert one("五 公 开", "□决策■执行").extra == {"五公开": "□决策■执行"}


def test_letter_spacing_goes_and_words_keep_their_blanks():
    got = one("备注", "每 1 0 个 工 作 日;Windows 10 平台")
    assert got.extra["备注"] == "每10个工作日;Windows 10平台"


def test_page_numbers_and_notes_are_no_rows():
    text = f"{NAMES}\n{LINE}\n- 3 -\n第3页 共9页\n{LINE.replace('1|', '2|', 1)}\n注:由民政局解释。"
    result = read(text)
    assert [row.seq for row in result.catalogs[0].rows] == ["1", "2"]
    assert ("note", None, None) in codes(result)


@pytest.mark.parametrize("form", ["lines", "table"])
def test_headings_between_rows_are_the_class(form):
    if form == "lines":
        text = (
            "村务公开目录\n序号|公开事项|公开时间\n一、制度类\n1|章程|长期\n二、事务类\n1|选举|及时"
        )
    else:
        text = (
            "<p>村务公开目录</p><table><tr><td>序号</td><td>公开事项</td><td>公开时间</td></tr>"
            "<tr><td colspan=3>一、制度类</td></tr><tr><td>1</td><td>章程</td><td>长期</td></tr>"
            "<tr><td colspan=3>二、事务类</td></tr><tr><td>1</td><td>选举</td><td>及时</td></tr>"
        )
    got = [(row.seq, row.level1, row.level2) for row in rows(text)]
    assert got == [("1", "制度类", "章程"), ("1", "事务类", "选举")]


def test_a_column_of_classes_is_level_one():
    got = rows("序号|类别|公开事项|公开内容\n1|制度类|章程|全文\n2||印章|全文")
    assert [(row.level1, row.level2) for row in got] == [("制度类", "章程"), ("制度类", "印章")]


def test_a_village_table_of_contents_only():
    result = read("序号|公开内容|公开时间|公开形式\n1|村级财务|每季度|公开栏")
    assert result.catalogs[0].rows[0].level1 == "村级财务"
    assert ("content-as-item", None, "level1") in codes(result)


def test_columns_for_single_townships():
    text = (
        "序号,公开事项,,公开内容,公开层级,,\n,一级事项,二级事项,,县级,胡集镇,羊山镇\n"
        "1,a,b,c,√,√,\n2,a,e,c,,,√\n"
    )
    result = read(text)
    assert [row.levels for row in result.catalogs[0].rows] == [
        ("county", "township"),
        ("township",),
    ]
    assert [row.extra for row in result.catalogs[0].rows] == [{"胡集镇": "√"}, {"羊山镇": "√"}]
    assert ("level-of-town", None, "levels") in codes(result)


def test_a_header_of_three_rows_with_a_column_per_channel():
    page = (
        "<table><tr><td rowspan=3>序号</td><td rowspan=3>公开事项</td><td rowspan=3>公开内容</td>"
        "<td colspan=4>公开渠道和载体</td><td rowspan=3>公开时限</td></tr>"
        "<tr><td colspan=2>线上</td><td colspan=2>线下</td></tr>"
        "<tr><td>政府网站</td><td>法律服务网</td><td>便民服务站</td><td>其他</td></tr>"
        "<tr><td>1</td><td>a</td><td>c</td><td>√</td><td></td><td>√</td><td>√会议</td><td>及时</td></tr>"
        "</table>"
    )
    got = rows(page, "a.html")[0]
    assert got.channels == ("政府网站", "便民服务站", "其他:会议")
    assert got.time_limit == "及时"


def test_a_tick_across_both_columns_of_an_exclusive_choice_is_null():
    page = (
        "<table><tr><td rowspan=2>序号</td><td rowspan=2>公开事项</td><td rowspan=2>公开内容</td>"
        "<td colspan=2>公开方式</td></tr><tr><td>主动</td><td>依申请</td></tr>"
        "<tr><td>1</td><td>a</td><td>c</td><td colspan=2>√</td></tr></table>"
    )
    result = read(page, "a.html")
    assert result.catalogs[0].rows[0].mode is None
    assert ("mode-conflict", 0, "mode") in codes(result)


def test_contents_in_rows_of_their_own_and_a_name_over_two_items():
    head = "".join(f"<th>{label}</th>" for label in NAMES.split("|"))
    page = f"""<table><tr>{head}</tr>
    <tr><td rowspan=2>1</td><td rowspan=4>a</td><td rowspan=2>b</td><td>名单</td>
    <td rowspan=2>《A》</td><td rowspan=2>及时</td><td rowspan=2>x局</td></tr><tr><td>标准</td></tr>
    <tr><td rowspan=2>2</td><td rowspan=2>c</td><td>名单</td><td>《A》</td><td>及时</td>
    <td>x局</td></tr>
    <tr><td>流程</td><td>《B》</td><td>每年</td><td>y局</td></tr></table>"""
    first, second, third = rows(page, "a.html")
    assert first.content_elements == ("名单", "标准")
    assert (second.level2, second.responsible_organ) == ("c", ("x局",))
    assert (third.level1, third.level2, third.responsible_organ) == ("a", "c", ("y局",))


def test_words_that_a_narrow_column_broke():
    head = "".join(f"<th>{label}</th>" for label in NAMES.split("|"))
    page = f"""<table><tr>{head}</tr><tr><td>1</td><td>出生<br>登记</td><td>办<br>事指南</td>
    <td>办理条件<br>申请材料</td><td>《户口登记<br>条例》</td><td>及时公开;<br>公示5日</td>
    <td>县级人民政府<br>公安部门</td></tr></table>"""
    (row,) = rows(page, "a.html")
    assert (row.level1, row.level2) == ("出生登记", "办事指南")
    assert row.content_elements == ("办理条件", "申请材料")
    assert row.legal_basis == ("《户口登记条例》",)
    assert row.responsible_organ == ("县级人民政府公安部门",)


def test_a_markdown_table():
    text = (
        "# 救灾领域政务公开标准目录\n| 序号 | 公开事项 | 公开内容 |\n|---|---|---|\n| 1 | a | b |"
    )
    result = read(text)
    assert (result.catalogs[0].domain, result.catalogs[0].rows[0].level1) == ("救灾", "a")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "五、未涉及领域说明\n1.税收管理:由县局负责。\n2.交通运输领域:由县局负责。",
            {"税收管理": "由县局负责。", "交通运输": "由县局负责。"},
        ),
        ("未涉及领域事项说明\n序号|领域|原因\n1|税收管理|由县局负责", {"税收管理": "由县局负责"}),
        (
            "我镇不涉及税收管理和户籍管理两个领域。",
            dict.fromkeys(["税收管理", "户籍管理"], "我镇不涉及税收管理和户籍管理两个领域。"),
        ),
        (
            "(二)不涉及领域说明\n因城市综合执法、交通运输等2个领域无此项职能,不编制目录。",
            dict.fromkeys(
                ["城市综合执法", "交通运输"],
                "因城市综合执法、交通运输等2个领域无此项职能,不编制目录。",
            ),
        ),
    ],
)
def test_domains_that_are_not_concerned(text, expected):
    got = read(f"{NAMES}\n{LINE}\n\n{text}").not_applicable
    assert {entry.domain: entry.reason for entry in got} == expected


def test_a_statement_that_names_no_domain_is_said():
    result = read(f"{NAMES}\n{LINE}\n\n未涉及领域事项说明\n详见附件。")
    assert ("not-applicable-unclear", None, None) in codes(result)


def workbook(fill):
    book = Workbook()
    fill(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_sheet_of_several_catalogs_codes_dates_and_a_hidden_sheet():
    def fill(book):
        sheet = book.active
        for line in ("附件1", "甲领域政务公开标准目录"):
            sheet.append([line])
        sheet.append(NAMES.split("|"))
        sheet.append([505, "a", "b", "c;d", "《A》", dt.date(2026, 1, 31), "x局"])
        sheet["A4"].number_format = "0000"
        sheet.append(["注:1.说明"])
        sheet.append(["乙领域政务公开标准目录"])
        sheet.append(NAMES.split("|"))
        sheet.append([1, *LINE.split("|")[1:]])
        hidden = book.create_sheet("旧表")
        hidden.append(NAMES.split("|"))
        hidden.append(LINE.split("|"))
        hidden.sheet_state = "hidden"
        named = book.create_sheet("养老服务")
        named.append(NAMES.split("|"))
        named.append(LINE.split("|"))

    result = read(workbook(fill), "a.xlsx")
    assert [(c.domain, [row.seq for row in c.rows]) for c in result.catalogs] == [
        ("甲", ["0505"]),
        ("乙", ["1"]),
        ("养老服务", ["1"]),
    ]
    assert result.catalogs[0].rows[0].time_limit == "2026-01-31"
    assert ("sheet-hidden", None, None) in codes(result)


def test_word_numbers_bullets_symbols_and_a_table_cut_by_a_page():
    document = Document()
    for line in (
        "关于印发目录的通知",
        "1.高度重视。",
        "2.加强领导。",
        "3.按时报送。",
        "(一)就业领域",
    ):
        document.add_paragraph(line)
    table = document.add_table(3, 8)
    for row, line in enumerate([NAMES + "|主动", "|a|b||《A》|及时|x局|", "|a|c||《A》|及时|x局|"]):
        for column, text in enumerate(line.split("|")):
            table.cell(row, column).text = text
    for row in (1, 2):
        table.cell(row, 0).paragraphs[0].style = "List Number"
        table.cell(row, 3).paragraphs[0].style = "List Bullet"
        table.cell(row, 3).paragraphs[0].add_run("名单")
        table.cell(row, 3).add_paragraph("标准", style="List Bullet")
    symbol = f'<w:sym {nsdecls("w")} w:font="Wingdings 2" w:char="F050"/>'
    table.cell(1, 7).paragraphs[0].add_run()._r.append(parse_xml(symbol))
    document.add_paragraph("- 2 -")
    rest = document.add_table(1, 8)
    for column, text in enumerate(["3", "a", "d", "名单", "《A》", "及时", "x局", "√"]):
        rest.cell(0, column).text = text
    document.add_table(1, 8).cell(0, 0).text = "张三 电话"
    stream = io.BytesIO()
    document.save(stream)
    result = read(stream.getvalue(), "a.docx")
    (catalog,) = result.catalogs
    assert catalog.domain == "就业"
    assert [(row.seq, row.mode) for row in catalog.rows] == [
        ("1", "proactive"),
        ("2", None),
        ("3", "proactive"),
    ]
    assert catalog.rows[0].content_elements == ("名单", "标准")


def test_text_that_was_deleted_in_word_is_gone():
    document = Document()
    table = document.add_table(2, 3)
    for row, line in enumerate(["序号|公开事项|公开内容", "1|甲|乙"]):
        for column, text in enumerate(line.split("|")):
            table.cell(row, column).text = text
    run = table.cell(1, 1).paragraphs[0].runs[0]._r
    deleted = parse_xml(
        f'<w:del {nsdecls("w")} w:id="1" w:author="x"><w:r><w:delText>旧</w:delText></w:r></w:del>'
    )
    run.addprevious(deleted)
    stream = io.BytesIO()
    document.save(stream)
    assert rows(stream.getvalue(), "a.docx")[0].level1 == "甲"


@pytest.mark.parametrize(
    ("title", "domain"),
    [
        ("望川县社会救助领域基层政务公开标准目录", "社会救助"),
        ("2024年清水镇城乡规划领域政务公开标准目录", "城乡规划"),
        ("望川县交通运输领域政务公开标准目录", "交通运输"),
        ("城市综合执法领域政务公开标准目录(试行)", "城市综合执法"),
        ("附件3:就业创业领域基层政务公开标准目录", "就业创业"),
        ("望川县人民政府财政预决算公开目录", "财政预决算"),
        ("镇政务公开事项标准目录", None),
    ],
)
def test_the_domain_is_what_the_title_names(title, domain):
    assert read(f"{title}\n{NAMES}\n{LINE}").catalogs[0].domain == domain


def test_ticks_of_a_row_that_lacks_cells_are_not_guessed():
    head = "序号|公开事项|公开内容|公开对象|公开方式|公开层级||||\n||||||||".replace("||||||||", "")
    labels = "全社会|特定群体|主动|依申请|县级|乡级"
    text = f"{head}{labels}||||\n1|甲|乙|√||√||√|√|\n2|丙|丁|√|√|√"
    result = read(text)
    whole, short = result.catalogs[0].rows
    assert (whole.audience.kind, whole.mode, whole.levels) == (
        "everyone",
        "proactive",
        ("county", "township"),
    )
    assert (short.audience, short.mode, short.levels) == (None, None, None)
    assert {("ticks-lost", 1, field) for field in ("audience", "mode", "levels")} <= codes(result)


def test_ticks_of_symbol_fonts_whose_font_is_lost():
    assert one("主动|依申请", "\u00fc|").mode == "proactive"


def test_an_ordered_list_of_a_page_is_numbered_by_the_browser():
    page = (
        "<h1>村务公开事项目录</h1><p>一、制度类</p><ol><li>章程</li><li><b>村规民约</b></li></ol>"
        "<p>二、事务类</p><ol><li>1.选举</li><li>2.罢免</li></ol>"
    )
    assert [(row.seq, row.level1, row.level2) for row in rows(page, "a.html")] == [
        ("1", "制度类", "章程"),
        ("2", "制度类", "村规民约"),
        ("1", "事务类", "选举"),
        ("2", "事务类", "罢免"),
    ]


def test_a_statement_inside_a_sheet():
    def fill(book):
        for line in (NAMES, LINE, "未涉及领域事项说明", "1|税收管理|由县税务局负责"):
            book.active.append(line.split("|"))

    result = read(workbook(fill), "a.xlsx")
    assert len(result.catalogs[0].rows) == 1
    assert [(e.domain, e.reason) for e in result.not_applicable] == [("税收管理", "由县税务局负责")]


def test_comments_of_a_page_part_no_text():
    head = "".join(f"<th>{label}</th>" for label in NAMES.split("|"))
    page = f"""<!-- 导出 --><table><tr>{head}</tr><tr><td>1</td><td>出生<!--[if !mso]-->登记</td>
    <td>b<?pi x?></td><td><p>条件<!-- a --></p>材料<!-- b -->清单</td><td>《A》</td><td>及时</td>
    <td>x局</td></tr></table>"""
    (row,) = rows(page, "a.html")
    assert (row.level1, row.level2) == ("出生登记", "b")
    assert row.content_elements == ("条件", "材料清单")
