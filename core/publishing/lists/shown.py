"""A list as pages show it: a table with its caption, a page of its rows, and the totals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.publishing.lists.domain.model import Cells, ListData, TypedColumn
from core.web.paging import paginate_rows

ROWS_ON_A_PAGE = 500


@dataclass(frozen=True, slots=True)
class ShownList:
    """The rows of one page of a list; `first` is the number of the first of them, from 1."""

    caption: str
    columns: Sequence[TypedColumn]
    rows: Sequence[Cells]
    totals: Cells
    number: int
    pages: int
    total: int
    first: int = 1

    @property
    def is_cut(self) -> bool:
        """Whether the list has more rows than are shown."""
        return self.pages > 1


def show_whole(data: ListData) -> ShownList:
    """Show every row, as on paper."""
    return ShownList(data.caption, data.columns, data.rows, data.totals, 1, 1, len(data.rows))


def show_page(whole: ShownList, number: int) -> ShownList:
    """Show one page of the rows; the totals stand below the last one."""
    page = paginate_rows(whole.rows, number, ROWS_ON_A_PAGE)
    return replace(
        whole,
        rows=page.rows,
        totals=whole.totals if page.number == page.pages else (),
        number=page.number,
        pages=page.pages,
        first=(page.number - 1) * ROWS_ON_A_PAGE + 1,
    )
