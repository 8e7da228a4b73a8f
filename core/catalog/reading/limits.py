"""How much a file may cost: a small file that unpacks to a large one is refused, not tried."""

MIB = 2**20
#: All parts of a package together, unpacked. A 26-domain workbook of 20,000 rows has 40 MB.
MAX_UNPACKED = 160 * MIB
#: One part, unpacked.
MAX_PART = 120 * MIB
#: A part that grows by more than this, and is not small, is packed to deceive.
MAX_RATIO = 250
SMALL_PART = 8 * MIB
MAX_PARTS = 5_000
#: Cells with text, and cells of any kind, in all tables of a file.
MAX_CELLS = 2_000_000
MAX_STYLED_CELLS = 4_000_000
MAX_ROWS = 200_000
MAX_TEXT_LINES = 1_000_000
#: Characters of one cell that are kept; Excel itself allows 32,767.
MAX_CELL_TEXT = 40_000
