"""What a test process does once instead of for each application, with the same outcome."""

from io import BytesIO

from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

# Every application in a process of its own (commands, served sites) hashes at full cost.
CHEAP_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class CompiledTemplates(BytecodeCache):
    """Templates compiled once for all applications of the process, known by their source."""

    def __init__(self) -> None:
        self._code: dict[tuple[str | None, str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket, where these very sources were compiled before."""
        code = self._code.get(_key(bucket))
        if code is not None:
            bucket.load_bytecode(BytesIO(code))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Remember what was compiled."""
        buffer = BytesIO()
        bucket.write_bytecode(buffer)
        self._code[_key(bucket)] = buffer.getvalue()


def _key(bucket: Bucket) -> tuple[str | None, str, str]:
    language: str | None = getattr(bucket.environment, "language", None)
    return language, bucket.key, bucket.checksum


_compiled = CompiledTemplates()


def share_templates(app: Flask) -> None:
    """Let the application use the templates that other applications compiled."""
    app.jinja_env.bytecode_cache = _compiled
