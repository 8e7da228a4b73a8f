"""Values that nobody types in earnest, and that robots, broken devices and attackers send."""

LONG_NUMBER = "9" * 5_000

#: As parts of a path, parameters and fields; texts, as they are before they are percent-encoded.
ODD_VALUES = (
    "", " ", "\t", "0", "-1", "-0", "00", "1.5", "1e9", "0x10", "1_000", "+1", "NaN", "Infinity",
    str(2**31 - 1), str(2**31), str(2**32), str(2**63 - 1), str(2**63), str(10**30), LONG_NUMBER,
    "٣", "³", "①", "１２３", "1,2,3", "on", "null", "true", "=1+1",
    "\x00", "a\x00b", "\x1b[31m", "\x0b", "\x7f", "\ufffe", "\ud800", "\u202e", "e\u0301" * 500,
    "\n", "a\r\nSet-Cookie: x=1", "//evil.example", "/\\evil.example", "/\nevil.example",
    "https://evil.example/", "javascript:alert(1)", "//[", "/?next=%00",
    "<script>alert(1)</script>", "'\"><b>", "{{7*7}}", "%", "%s", "%(x)s", "_", "\\", "/", "..",
    "../../etc/passwd", "C:\\x.exe", "a" * 300, "字" * 20_000,
    "0001-01-01", "1899-12-31", "9999-12-31", "10000-01-01", "2026-02-30", "2026-W01-1", "20260101",
    "0001-01-01T00:00", "9999-12-31T23:59", "9999-12-31T23:59-12:00", "24:00", "99:99", "23:59:60",
    "2026-13", "0000-01", "9999-12", "[]", "{}", "[" * 5_000, '{"a":' * 5_000, '"', "🙂", "1-2-3",
    "999999-999999", "()", "*", "a:b", "1;2",
)  # fmt: skip

#: As bodies of type JSON.
ODD_BODIES = (
    "", "null", "1", "[]", "{}", '"x"', "[" * 100_000, '{"notes": 1}', '{"notes": [1]}',
    '{"notes": [{"code": "\\u0000", "nonce": "12345678", "act": "in", "at": "0001-01-01T00:00Z"}]}',
    '{"notes": [{"code": 1e400, "nonce": "123456789", "act": "in", "at": "9999-12-31T23:59Z"}]}',
    '{"notes": [{"code": "a", "heads": 99999999999999999999}], "device": "\\ud800"}',
    '{"notes": {"a": []}, "device": {}}', "{", '{"a": ' + LONG_NUMBER + "}",
)  # fmt: skip
