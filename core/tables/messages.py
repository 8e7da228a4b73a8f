"""Messages of findings and errors by code, in Chinese and English; `{…}` are their parameters.

The English texts serve as msgids where another surface translates them.
"""

import re
from collections.abc import Mapping

from core.tables.list_messages import LIST_MESSAGES

#: By code: Chinese, English.
MESSAGES: Mapping[str, tuple[str, str]] = {
    # Findings about a catalog
    "column-missing": (
        "表中没有这一列，该字段为空，需人工补录",
        "The table has no column for this field; it is left empty and must be entered by hand",
    ),
    "title-missing": ("没有找到目录标题", "No title of the catalog was found"),
    "domain-unknown": (
        "从标题“{title}”看不出是哪个领域",
        "The title “{title}” does not say which domain this is",
    ),
    "content-as-item": (
        "表中没有“公开事项”列，按“公开内容”列作为事项名称",
        "There is no column for the item; the column of contents was read as the item's name",
    ),
    "class-as-level1": (
        "“类别”列按一级事项读取，“公开事项”列按二级事项读取",
        "The column of classes was read as level 1, the item's name as level 2",
    ),
    "level-combined": (
        "合并列“{label}”按同时勾选其中各层级读取",
        "The combined column “{label}” was read as all of its levels",
    ),
    "level-of-town": (
        "“{label}”是按乡镇分列的层级，按乡级读取，原勾选保留在其他列中",
        "The column “{label}” stands for one township; it was read as the township level and kept",
    ),
    "level-column-misnamed": (
        "表头写作“公开方式”的一列实际是公开层级，已按公开层级读取",
        "A column headed as the mode holds levels and was read as such",
    ),
    "note": ("表中附注：{text}", "Note under the table: {text}"),
    "table-skipped": (
        "{where}没有可识别的目录表头，{count}行未读取",
        "{where}: no header of a catalog was recognised; {count} rows were not read",
    ),
    "row-skipped": ("{where}未读取：{text}", "{where} was not read: {text}"),
    "row-above-head": (
        "{where}在表头之上，未读取：{text}",
        "{where} stands above the header and was not read: {text}",
    ),
    "left-out-at": (
        "{where}有划去或隐藏的文字，未读取：{text}",
        "{where}: text that is struck through or hidden was not read: {text}",
    ),
    "table-inside-at": (
        "{where}的单元格内还有表格，其文字按行读入，请核对：{text}",
        "{where}: a cell holds a table, whose text was read line by line; please check: {text}",
    ),
    "title-unused": (
        "{where}按标题读取，但其后没有目录：{text}",
        "{where} was read as a title, but no catalog follows: {text}",
    ),
    "heading-as-class": (
        "表中一行横贯全表的文字按类别读取：{text}",
        "A line across the table was read as the class of the items below: {text}",
    ),
    "lines-unread": (
        "目录表格之外有{count}行文字未读取，从{where}起：{text}",
        "{count} lines outside the tables were not read, from {where}: {text}",
    ),
    "lines-left-out": (
        "表外有{count}处划去或隐藏的文字未读取，从{where}起：{text}",
        "{count} texts outside the tables are struck through or hidden, from {where}: {text}",
    ),
    "rows-lost": (
        "有{count}行没有读到，请核对原件",
        "{count} rows were not accounted for; please compare with the file",
    ),
    "rows-counted": (
        (
            "共{total}行：标题{title}、表头{head}、事项{item}、续行{continuation}、附注{note}、"
            "未读取{skipped}、隐藏{hidden}、表外文字{loose}"
        ),
        (
            "{total} rows: {title} titles, {head} heads, {item} items, {continuation} more of them,"
            " {note} notes, {skipped} not read, {hidden} hidden, {loose} outside the tables"
        ),
    ),
    "line-continues": (
        "此行文字按上一事项的续行读取，请核对：{text}",
        "This line was read as the rest of the item above; please check: {text}",
    ),
    "sheet-hidden": ("{where}是隐藏的，未读取", "{where} is hidden and was not read"),
    "hidden-rows": (
        "{where}有{count}行是隐藏的（第{rows}行），未读取；需要的请取消隐藏后再上传",
        "{where}: {count} rows are hidden (row {rows}) and were not read; unhide those you need",
    ),
    "hidden-columns": (
        "{where}有{count}列是隐藏的（{columns}），未读取；需要的请取消隐藏后再上传",
        "{where}: {count} columns are hidden ({columns}) and were not read; unhide those you need",
    ),
    "row-left-out": (
        "{where}的文字已划去、删除或隐藏，整行未读取：{text}",
        "{where}: its text is struck through, deleted or hidden; the row was not read: {text}",
    ),
    "not-applicable-unclear": (
        "有“未涉及领域”的说明，但未能从中读出领域名称：{text}",
        "A statement about domains that are not concerned names none that could be read: {text}",
    ),
    # Findings about a row
    "value-missing": ("此单元格为空，需人工补录", "The cell is empty; enter the value by hand"),
    "filler": (
        "此单元格写作“{text}”，按没有内容读取",
        "The cell says “{text}”, which was read as none",
    ),
    "name-missing": ("此行没有事项名称", "The row has no name of an item"),
    "names-carried": (
        "此行没有事项名称，按与上一行同一事项读取",
        "The row has no name; it was read as the item of the row above",
    ),
    "ditto": ("“同上”已按上一行的内容读取", "“Ditto” was read as the value of the row above"),
    "ditto-nothing": ("“同上”之上没有内容可取", "There is nothing above that “ditto” could mean"),
    "ticks-lost": (
        "勾选标记在复制时丢失，无法恢复，需人工补录",
        "The ticks were lost in copying and cannot be recovered; enter the value by hand",
    ),
    "split-uncertain": (
        "文件没有保留单元格边界，事项名称与公开内容的划分请核对",
        "The file does not keep the limits of cells; check where the name ends and contents begin",
    ),
    "row-too-long": (
        "此行内容过长，后面的部分未读取",
        "The row is too long; its end was not read",
    ),
    "row-short": (
        "此行的单元格比表头少，各列按顺序对应，请核对",
        "The row has fewer cells than the header has columns; they were taken in order",
    ),
    "cell-without-column": (
        "此行有表头之外的内容，未读取：{text}",
        "The row holds text outside the columns of the header, which was not read: {text}",
    ),
    "continuation-unclear": (
        "续行中的内容无法确定归属，未读取：{text}",
        "It is unclear to what this text of a continuation row belongs; it was not read: {text}",
    ),
    # Findings about a field
    "content-split": (
        "公开内容以顿号连接，已按顿号拆分为要素，请核对",
        "The contents were joined by 、 and have been split there; please check",
    ),
    "content-prose": (
        "公开内容是叙述文字，未拆分要素",
        "The contents are prose and were not split into elements",
    ),
    "elements-from-name": (
        "公开内容取自事项名称末尾的括号：{name}",
        "The contents were taken from the bracket that closes the item's name: {name}",
    ),
    "text-struck": ("已划去的文字未读取：{text}", "Struck-through text was not read: {text}"),
    "text-hidden": ("隐藏的文字未读取：{text}", "Hidden text was not read: {text}"),
    "text-deleted": (
        "修订中已删除的文字未读取：{text}",
        "Text deleted in a revision was not read: {text}",
    ),
    "table-inside": (
        "此单元格内还有表格，其文字按行读入，请核对：{text}",
        "The cell holds a table, whose text was read line by line; please check: {text}",
    ),
    "cell-error": ("单元格是公式错误：{text}", "The cell holds an error of a formula: {text}"),
    "formula-unread": (
        "单元格是公式，文件中没有计算结果",
        "The cell is a formula whose result is not in the file",
    ),
    "citation-unclosed": (
        "书名号不成对，各项依据的划分请核对",
        "A 《 or 》 is missing; check where one legal basis ends and the next begins",
    ),
    "words-cut": (
        "文字在换行处断开，无法确定原文，需人工补录：{text}",
        "Words are broken at line ends; the text cannot be known, enter it by hand: {text}",
    ),
    "words-joined": (
        "换行处断开的词语已接上，请核对",
        "Words broken at line ends were joined; please check",
    ),
    "content-lines": (
        "公开内容按换行拆分为要素，请核对",
        "The contents were split at line ends; please check",
    ),
    "channel-lines": (
        "公开渠道按换行拆分，请核对",
        "The channels were split at line ends; please check",
    ),
    "organ-joined": (
        "公开主体分写在几行，按一个读取，请核对",
        "The organ stands on several lines and was read as one; please check",
    ),
    "row-unnumbered": (
        "此行没有序号，也可能是上一行的续行，请核对",
        "The row has no number and may go on with the one above; please check",
    ),
    "row-may-go-on": (
        "下一行没有序号，也可能是此行的续行，请核对",
        "The next row has no number and may belong to this one; please check",
    ),
    "row-rejoined": (
        "此行的文字在下一行接续，已接上，请核对",
        "The row went on in the next one and was put together; please check",
    ),
    "split-by-looks": (
        "文件没有保留单元格边界，此栏按内容划分，请核对",
        "The file does not keep the limits of cells; this one was found by its look, please check",
    ),
    "symbol-ticks": (
        "勾选栏中的字母“{text}”按符号字体的勾选读取，请核对",
        "The letter “{text}” in tick columns was read as a tick of a symbol font; please check",
    ),
    "organ-lines": (
        "公开主体按换行拆分为多个，请核对",
        "The organs were split at line breaks; please check",
    ),
    "channel-none-ticked": (
        "渠道一个也没有勾选，可能是勾选标记丢失",
        "No channel is ticked; the ticks may have been lost",
    ),
    "channel-ticks-lost": (
        "列出了全部渠道而没有勾选标记，无法判断选用了哪些",
        "All channels are listed without ticks; which were chosen cannot be known",
    ),
    "channel-unmarked": (
        "渠道“{text}”前没有勾选框，未读取",
        "The channel “{text}” has no box and was not read",
    ),
    "channel-detail": (
        "渠道“{channel}”后的说明未读取：{text}",
        "What is added to the channel “{channel}” was not read: {text}",
    ),
    "audience-conflict": (
        "全社会与特定群体同时勾选，无法判断",
        "Both everyone and a group are chosen; which is meant cannot be known",
    ),
    "audience-unclear": (
        "公开对象“{text}”无法识别",
        "The audience “{text}” could not be understood",
    ),
    "audience-text-missing": (
        "公开对象为特定群体，但未写明是哪些人",
        "The audience is a group, but the file does not say which",
    ),
    "mode-conflict": (
        "主动公开与依申请公开同时勾选，无法判断",
        "Both modes are chosen; which is meant cannot be known",
    ),
    "mode-unclear": ("公开方式“{text}”无法识别", "The mode “{text}” could not be understood"),
    "levels-unclear": ("公开层级“{text}”无法识别", "The level “{text}” could not be understood"),
    # Files that cannot be read
    "file-empty": ("文件是空的", "the file is empty"),
    "file-too-large": (
        "文件有 {size} MB，超过 {limit} MB 的上限",
        "the file has {size} MB, more than the limit of {limit} MB",
    ),
    "no-catalog": (
        "没有找到可识别的标准目录（表头应有“公开事项”“公开内容”“公开依据”等列）",
        "no catalog was recognised (a header should name the item, its contents, its legal basis)",
    ),
    "not-text": (
        "不是网页、表格、文档或文本文件",
        "this is no web page, table, document or text file",
    ),
    "is-pdf": (
        "这是 PDF 文件（扩展名可能被改过），请提供 XLSX、DOCX、HTML、CSV 或文本",
        "this is a PDF file (perhaps renamed); please give XLSX, DOCX, HTML, CSV or text",
    ),
    "is-old-office": (
        "这是旧版 Office 文件，无法识别其内容；请用 WPS 或 Office “另存为” .xlsx 或 .docx 再上传",
        "this is an old Office file of an unknown kind; save it as .xlsx or .docx",
    ),
    "is-image": (
        "这是图片，请提供表格或文本",
        "this is an image; please give a table or text",
    ),
    "is-archive": (
        "这是压缩包，请解压后提供其中的表格",
        "this is an archive; please unpack it and give the table inside",
    ),
    "old-workbook-damaged": (
        "旧版工作簿（.xls、.et）已损坏或无法读取；请用 WPS 或 Excel “另存为” .xlsx 再上传",
        "this old workbook (.xls, .et) is damaged or cannot be read; save it as .xlsx",
    ),
    "rtf-damaged": (
        "RTF 文件已损坏或无法读取；请用 WPS 或 Word “另存为” .docx 再上传",
        "this RTF file is damaged or cannot be read; save it as .docx",
    ),
    "is-office-xml": (
        "这是 Office 2003 的 XML 文件；请用 WPS 或 Office “另存为” .xlsx 或 .docx 再上传",
        "this is an XML file of Office 2003; save it as .xlsx or .docx",
    ),
    "is-old-text": (
        "这是旧版文档（.doc、.wps），这里不能读取；请用 WPS 或 Word “另存为” .docx 再上传",
        "old documents (.doc, .wps) cannot be read here; “Save as” .docx in WPS or Word",
    ),
    "conversion-busy": (
        "正在转换其他旧版文档，请稍后重试，或用 WPS 或 Word “另存为” .docx 再上传",
        "other old documents are being converted; try again later, or save it as .docx",
    ),
    "conversion-too-costly": (
        "旧版文档的转换超过了允许的时间或内存；请用 WPS 或 Word “另存为” .docx 再上传",
        "converting this old document took more time or memory than allowed; save it as .docx",
    ),
    "conversion-failed": (
        "旧版文档无法转换，可能已损坏或设有密码；请用 WPS 或 Word “另存为” .docx 再上传",
        "this old document could not be converted (damaged, or a password?); save it as .docx",
    ),
    "conversion-no-table": (
        "旧版文档转换后没有找到表格，可能在转换中丢失；请用 WPS 或 Word “另存为” .docx 再上传",
        "no table was found once this old document was converted; save it as .docx",
    ),
    "package-damaged": (
        "文件已损坏或不完整（不是完整的 XLSX、DOCX 文件）",
        "the file is damaged or cut off (not a complete XLSX or DOCX file)",
    ),
    "package-part-damaged": (
        "文件的这一部分已损坏或不完整",
        "this part of the file is damaged or cut off",
    ),
    "package-encrypted": ("文件已加密，请先取消加密", "the file is encrypted; remove the password"),
    "package-doctype": (
        "文件含有不允许的文档类型声明，拒绝读取",
        "the file declares a document type, which is not allowed",
    ),
    "package-too-many-parts": (
        "文件内部的部件过多，拒绝读取",
        "the file has too many parts inside",
    ),
    "package-too-large": (
        "解压后有 {size} MB，超过上限（合计 {limit} MB）或压缩比异常，拒绝读取",
        "it unpacks to {size} MB, over the limit ({limit} MB in all) or at an abnormal ratio",
    ),
    "package-unknown": (
        "不是 XLSX 工作簿，也不是 DOCX 文档",
        "this is neither an XLSX workbook nor a DOCX document",
    ),
    "table-too-large": (
        "表格过大（行数或单元格数超过上限），拒绝读取",
        "the table is too large (more rows or cells than allowed)",
    ),
    "too-slow": (
        "读到此处已超过允许的处理时间，停止读取；请拆分文件后重试",
        "reading took longer than allowed and stopped here; split the file and try again",
    ),
    "html-empty": ("网页没有内容", "the page has no content"),
    "csv-damaged": ("CSV 的引号或单元格有误", "a quote or a cell of the CSV is malformed"),
    "encoding-damaged": (
        "文件不是完整的 {encoding} 编码",
        "the file is not valid {encoding}",
    ),
    "encoding-mixed": (
        "文件混用了 UTF-8 和 GB18030 两种编码，请统一编码后重试",
        "the file mixes UTF-8 and GB18030; save it in one encoding",
    ),
    "encoding-unknown": (
        "无法识别文件的文字编码（支持 UTF-8、UTF-16、GB18030)",
        "the encoding is unknown (UTF-8, UTF-16 and GB18030 are read)",
    ),
    **LIST_MESSAGES,
}


class _Given(dict[str, str]):
    """Parameters; one that is missing prints as nothing."""

    def __missing__(self, key: str) -> str:
        return ""


#: How places are printed in Chinese, and the same in English.
_PLACES = (
    (re.compile(r"^工作表“(.*?)”第(\d+)行$", re.DOTALL), r"sheet “\1”, row \2"),
    (re.compile(r"^工作表“(.*?)”$", re.DOTALL), r"sheet “\1”"),
    (re.compile(r"^第(\d+)个表格第(\d+)行$"), r"table \1, row \2"),
    (re.compile(r"^第(\d+)个表格$"), r"table \1"),
    (re.compile(r"^第(\d+)行起的表格$"), r"the table from line \1"),
    (re.compile(r"^第(\d+)行(?:文字)?$"), r"line \1"),
    (re.compile(r"^第(\d+)段$"), r"paragraph \1"),
)


def format_place(place: str, language: str = "zh") -> str:
    """Return a place inside a file in words: as it is in `zh`, translated in `en`."""
    if language != "en":
        return place
    for pattern, english in _PLACES:
        if pattern.match(place):
            return pattern.sub(english, place)
    return place


def format_message(code: str, params: Mapping[str, str], language: str = "zh") -> str:
    """Return the message of a code in `zh` or `en`; an unknown code stands for itself."""
    chinese, english = MESSAGES.get(code, (code, code))
    template = english if language == "en" else chinese
    where = {"where": format_place(params["where"], language)} if "where" in params else {}
    return template.format_map(_Given({**params, **where}))
