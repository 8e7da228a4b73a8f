"""`gongkai tenant apply`: bring in a pack."""

import click

from core.command import command_errors, json_option, print_result
from core.onboarding.apply import apply_pack
from core.permissions import OPERATOR
from core.tenancy.packs import find_pack, read_pack


@click.command("apply")
@click.argument("pack")
@json_option
@command_errors
def apply_command(pack: str, *, as_json: bool) -> None:
    """Bring in PACK: a folder, or the name of one in tenants/. May be run again."""
    applied = apply_pack(read_pack(find_pack(pack)), OPERATOR)
    body = applied.as_dict()
    parts = {name: counts for name, counts in body.items() if isinstance(counts, dict)}
    lines = (
        f"{name}: +{counts['created']} ~{counts['updated']} ={counts['unchanged']}"
        for name, counts in parts.items()
    )
    print_result(
        body, as_json=as_json, text=lambda: "\n".join([f"{applied.code} {applied.name}", *lines])
    )
