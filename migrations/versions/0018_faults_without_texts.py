"""What was kept of exceptions of plugins loses its texts: they may name people."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# The kind of the exception stands before the first colon; the number of the log's entry is in the
# first line of the trace, which has twelve characters.
_KIND = {
    "sqlite": "CASE WHEN instr(error, ':') > 0 THEN substr(error, 1, instr(error, ':') - 1)"
    " ELSE '-' END",
    "postgresql": "CASE WHEN strpos(error, ':') > 0 THEN split_part(error, ':', 1) ELSE '-' END",
}


def upgrade() -> None:
    kind = _KIND[op.get_bind().dialect.name]
    op.execute(
        f"UPDATE plugin_fault SET error = {kind}, trace = substr(trace, 1, 12)"  # noqa: S608 - constants
    )


def downgrade() -> None:
    """Nothing to do: the texts are gone."""
