"""Files handed out under a name that every system can save."""

import pytest

from core.web.files.downloads import send_download, to_file_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("名单.xlsx", "名单.xlsx"), ('a/b:c*"<d>|;.csv', "abcd.csv"), ("x\r\ny.csv", "xy.csv"),
        ("长" * 300 + ".zip", "长" * 120 + ".zip"), ("", "file"), ("名单", "名单"),
    ],
)  # fmt: skip
def test_names_of_files_are_safe(name, safe):
    assert to_file_name(name) == safe


def test_a_file_is_saved_under_its_name_and_kept_by_nobody_else():
    response = send_download(b"1", "text/csv; charset=utf-8", "名单.csv")
    assert response.headers["Cache-Control"] == "no-store"
    line = response.headers["Content-Disposition"]
    assert line == "attachment; filename=\"file.csv\"; filename*=UTF-8''%E5%90%8D%E5%8D%95.csv"
    assert send_download(b"", "text/csv", "名单").headers["Content-Disposition"].isascii()
