"""Passwords that are tried first are refused, with the reason; long plain sentences are taken."""

import pytest

from core.accounts.passwords import find_password_fault, is_guessable
from core.accounts.service import add_user, change_password
from core.errors import Invalid
from core.testing.factories.people import PASSWORD

LISTED = """
1234567890 0987654321 qwertyuiop Password123 Password@2024 P@ssw0rd2024 gongkai-demo
admin123456 administrator aaaaaaaaaa abcabcabcabc 1q2w3e4r5t qq123456789 a123456789 13812345678
2026113020 1qaz2wsx3edc woaini1314520 Zhengwu@2026 test123456 qazwsxedcrfv iloveyou1314
4321rewqfdsa letmein!!2026 ABCDEFGHIJKL
"""
KNOWN = LISTED.split()
GOOD = [
    PASSWORD, "long enough", "passwords are long", "k3$Lm9!pQz", "黄河远上白云间一片孤城",
    "Tiankong-Mao-7", "the administrator of nothing", "an even longer one",
]  # fmt: skip


@pytest.mark.parametrize("password", KNOWN)
def test_what_everybody_tries_is_refused(app, password):
    assert is_guessable(password)
    assert find_password_fault(password)


@pytest.mark.parametrize("password", GOOD)
def test_a_sentence_is_taken(app, password):
    assert find_password_fault(password, "wang") == ""


@pytest.mark.parametrize(
    ("password", "username"),
    [
        ("zhangsan2026", "zhangsan"), ("Zhangsan-xa9", "zhangsan"), ("nasgnahz!77", "zhangsan"),
        ("li li li li", "li"),
    ],
)  # fmt: skip
def test_the_accounts_own_name_is_none(app, password, username):
    assert find_password_fault(password, username)


def test_nobody_gets_or_takes_such_a_password(app, platform):
    for password in ("gongkai-demo", "wanglei2026", "short"):
        with pytest.raises(Invalid) as refused:
            add_user(platform, username="wanglei", name="王", password=password)
        assert refused.value.fields.keys() == {"password"}
    user = add_user(platform, username="wanglei", name="王", password=PASSWORD)
    for password in ("gongkai-demo", "wanglei2026"):
        with pytest.raises(Invalid) as refused:
            change_password(
                platform, user, current=PASSWORD, new=password, again=password, address="::1"
            )
        assert refused.value.fields.keys() == {"new"}
