"""A county's whole catalog in one file: read within the time and memory that are promised."""

import io
import resource
import time
from dataclasses import replace

import pytest
from openpyxl import Workbook

from core.tables.read import read_catalogs
from core.tables.writing.layout import EffectiveTable, lay_out
from core.tables.writing.write import write_table

DOMAINS, ROWS = 26, 800
#: Processor seconds and kilobytes that reading any file may cost; half the memory is enough here.
SECONDS, KILOBYTES = 50, 1_000_000


@pytest.fixture(scope="module")
def county():
    """26 domains of 800 rows each, every name its own."""
    text = (
        "seq,level1,level2,content_elements,basis,time_limit,subject,channels,audience,method,levels\n"
        "1,a,b,办理事项;办理条件;申请材料;办理流程;联系方式,《预算法》《政府信息公开条例》(国令第711号),"
        "信息形成或者变更之日起20个工作日内,县级政府民政部门、乡镇政府(街道办事处),"
        "政府网站|公开查阅点|政务服务中心,特定群体:申请人,主动,县级;乡级\n"
    )
    (row,) = read_catalogs(text.encode(), "a.csv").catalogs[0].rows
    return [
        EffectiveTable(
            f"测试{domain}领域基层政务公开标准目录",
            f"测试{domain}",
            tuple(
                replace(row, seq=str(n + 1), level1=f"{domain}类{n // 9}", level2=f"{domain}项{n}")
                for n in range(ROWS)
            ),
        )
        for domain in range(DOMAINS)
    ]


def workbook(tables):
    """A workbook written row by row, without merges, as other programs export it."""
    book = Workbook(write_only=True)
    for table in tables:
        layout = lay_out(table)
        sheet = book.create_sheet(table.domain)
        sheet.append([layout.headings[0]])
        for number in (0, 1):
            at = {cell.column: cell.text for cell in layout.header if cell.row == number}
            sheet.append([at.get(column) for column in range(len(layout.widths))])
        for cells in layout.body:
            at = {cell.column: cell.text or None for cell in cells}
            sheet.append([at.get(column) for column in range(len(layout.widths))])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["xlsx", "docx", "html", "csv"])
def test_26_domains_of_800_rows(county, kind):
    data = workbook(county) if kind == "xlsx" else write_table(county, kind)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.thread_time()
    result = read_catalogs(data, f"a.{kind}")
    took = time.thread_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{kind}: {len(data) // 1024} KB, {took:.1f} s, peak {peak // 1024} MB")
    assert [catalog.title for catalog in result.catalogs] == [table.title for table in county]
    assert all(
        catalog.rows == table.rows for catalog, table in zip(result.catalogs, county, strict=True)
    )
    assert took < SECONDS
    assert peak - before < KILOBYTES / 2
