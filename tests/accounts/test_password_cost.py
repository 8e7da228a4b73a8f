"""Passwords cost what they must where people use the program; tests alone hash cheaply."""

from argon2 import Type, extract_parameters

from core.accounts.service import get_user


def test_the_program_hashes_at_full_cost(gongkai, platform):
    words = ("user", "add", "li", "--name", "李明", "--password", "long enough")
    assert gongkai(*words).status == 0
    cost = extract_parameters(get_user(platform, "li").password_hash)
    assert cost.type is Type.ID
    # OWASP Password Storage Cheat Sheet: at least 19 MiB and two passes.
    assert cost.memory_cost >= 19 * 1024
    assert cost.time_cost >= 2
