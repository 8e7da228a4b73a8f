"""How fast texts are scanned for personal data: prose, documents, and lists full of findings.

`python -m tests.bench privacy[=MEGABYTES]`: a megabyte is of UTF-8, as files are; processor time
of one core. Laws are prose without any finding, composed lists have one in every 30 bytes.
"""

import json
import time
from pathlib import Path

from core.privacy.domain.scanning import scan_rows, scan_text
from core.privacy.markup import scan_markup
from tests.privacy.composing import Composer

SHARED = Path(__file__).parents[3] / "shared" / "data"
USUAL = "8"
MEGABYTE = 10**6
ID_NUMBER = "11010519491231002X"


def run(megabytes: str = USUAL) -> None:
    """Print a line for each kind of text."""
    size = int(float(megabytes) * MEGABYTE)
    for name, text in _texts().items():
        wanted = (text * (size // len(text.encode()) + 1)).encode()[:size].decode("utf-8", "ignore")
        _measure(name, wanted, scan_text)
        if name == "laws":
            markup = "".join(f"<p>{line}</p>\n" for line in wanted.split("\n"))
            _measure("laws as HTML", markup, scan_markup)
    _measure_rows(size)


def _measure_rows(size: int) -> None:
    """Measure a list of which nearly every cell is a person's, as `scan_rows` has it."""
    heads = ["序号", "姓名", "身份证号", "联系电话", "银行卡号", "住址", "金额"]
    rows = [
        [
            str(n),
            f"村民{n}",
            ID_NUMBER,
            f"138{n:08}",
            f"62220212345678{n:05}",
            f"石桥镇柳湾村{n}号",
            f"{n}.00",
        ]
        for n in range(size // 110)
    ]
    text = "\n".join(map("\t".join, rows))
    _measure("rows", text, lambda _text: scan_rows(heads, rows))


def _texts() -> dict[str, str]:
    laws = "".join(path.read_text("utf-8") for path in sorted((SHARED / "laws").glob("*.md")))
    lines = (SHARED / "docs" / "docs.jsonl").read_text("utf-8").splitlines()
    documents = "\n".join(json.loads(line)["body"] for line in lines)
    lists = "\n".join(Composer(seed).table().text for seed in range(200))
    amounts = "".join(f"{n} 项目 {n * 7919}.00 12.4 {n * 31}.5 {n * 104729}\n" for n in range(9999))
    return {"laws": laws, "documents": documents, "lists": lists, "amounts": amounts}


def _measure(name: str, text: str, scan) -> None:
    size = len(text.encode()) / MEGABYTE
    begun = time.process_time()
    count = len(scan(text))
    taken = time.process_time() - begun
    print(f"{name:>14}: {size:5.1f} MB, {count:>7} findings, {size / taken:6.1f} MB/s")
