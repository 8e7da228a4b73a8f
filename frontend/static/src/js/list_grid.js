// The rows of a list as a grid: arrows and Enter move between cells, cells copied from a spreadsheet
// spread over the grid, and a row comes when the last one is filled. Without this file each cell is a
// field, and more rows come with the button that checks the list.
const MOST_CELLS = 400;

const rowsOf = (grid) => [...grid.tBodies[0].rows];
const cellsOf = (row) => [...row.querySelectorAll("input")];

function find(grid, input) {
  const row = input.closest("tr");
  return [rowsOf(grid).indexOf(row), cellsOf(row).indexOf(input)];
}

function addRow(grid) {
  const rows = rowsOf(grid);
  const last = rows.at(-1);
  if ((rows.length + 1) * cellsOf(last).length > MOST_CELLS) return null;
  const row = last.cloneNode(true);
  const before = String(rows.length);
  const number = String(rows.length + 1);
  row.cells[0].textContent = number;
  for (const input of cellsOf(row)) {
    input.value = "";
    input.name = input.name.replace(/^cell-\d+/, `cell-${rows.length}`);
    input.setAttribute("aria-label", input.getAttribute("aria-label").replace(before, number));
  }
  last.after(row);
  return row;
}

function cellAt(grid, row, column, mayAdd) {
  const found = rowsOf(grid)[row] ?? (mayAdd ? addRow(grid) : null);
  return found ? cellsOf(found)[column] : undefined;
}

function move(grid, event) {
  const [row, column] = find(grid, event.target);
  const input = event.target;
  const atStart = input.selectionEnd === 0;
  const atEnd = input.selectionStart === input.value.length;
  const steps = {
    ArrowUp: [row - 1, column, true],
    ArrowDown: [row + 1, column, true],
    Enter: [row + 1, column, true],
    ArrowLeft: [row, column - 1, atStart],
    ArrowRight: [row, column + 1, atEnd],
  };
  const step = event.isComposing || event.altKey || event.ctrlKey ? undefined : steps[event.key];
  if (!step?.[2]) return;
  const next = cellAt(grid, step[0], step[1], event.key === "Enter");
  if (event.key === "Enter" || next) event.preventDefault();
  next?.focus();
}

// A block of cells is spread from the cell on; what does not fit stays in the clipboard: nothing is
// put down then, and the field below the grid takes any number of rows.
function spread(grid, event) {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
  if (lines.length < 2 && !text.includes("\t")) return;
  const [row, column] = find(grid, event.target);
  const block = lines.map((line) => line.split("\t"));
  const width = cellsOf(rowsOf(grid)[0]).length;
  if ((row + block.length) * width > MOST_CELLS) return;
  event.preventDefault();
  block.forEach((cells, down) => {
    cells.forEach((cell, right) => {
      const target = cellAt(grid, row + down, column + right, true);
      if (target) target.value = cell.trim();
    });
  });
  event.target.dispatchEvent(new Event("input", { bubbles: true }));
}

export function editLists(page) {
  for (const grid of page.querySelectorAll("table[data-list-grid]")) {
    grid.tBodies[0].addEventListener("keydown", (event) => move(grid, event));
    grid.tBodies[0].addEventListener("paste", (event) => spread(grid, event));
    grid.tBodies[0].addEventListener("input", (event) => {
      if (event.target.closest("tr") === rowsOf(grid).at(-1)) addRow(grid);
    });
  }
}
