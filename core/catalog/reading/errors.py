"""The one error of this package: a file that cannot be read at all."""

from collections.abc import Mapping

from core.catalog.reading.messages import message_of, place_of


class UnreadableFile(Exception):  # noqa: N818 - the error family of the product is named so
    """A file that is no table, is damaged, or would cost too much; `code` says which.

    `where` is the place inside the file (a sheet, a line, a part), where one can be named.
    """

    def __init__(
        self,
        code: str,
        filename: str,
        where: str | None = None,
        params: Mapping[str, str] | None = None,
    ) -> None:
        self.code = code
        self.filename = filename
        self.where = where
        self.params = dict(params or {})
        super().__init__(self.message())

    def message(self, language: str = "zh") -> str:
        """Return what is wrong in words, in `zh` or `en`, with the file's name and the place."""
        comma, colon = (", ", ": ") if language == "en" else ("\uff0c", "\uff1a")
        where = "" if self.where is None else comma + place_of(self.where, language)
        return f"{self.filename}{where}{colon}{message_of(self.code, self.params, language)}"
