// One stop of the Tab key for the whole bar; arrows, Home and End move within (WAI-ARIA toolbar).
export function moveByArrows(bar) {
  const list = () => [...bar.querySelectorAll("button")];
  const choose = (button) => {
    for (const each of list()) each.tabIndex = each === button ? 0 : -1;
  };
  choose(list()[0]);
  bar.addEventListener("focusin", (event) => choose(event.target));
  bar.addEventListener("keydown", (event) => {
    const buttons = list();
    const here = buttons.indexOf(document.activeElement);
    const next = {
      ArrowRight: here + 1,
      ArrowDown: here + 1,
      ArrowLeft: here - 1,
      ArrowUp: here - 1,
      Home: 0,
      End: buttons.length - 1,
    }[event.key];
    if (next === undefined || here < 0) return;
    event.preventDefault();
    buttons[(next + buttons.length) % buttons.length].focus();
  });
  return () => bar.querySelector('button[tabindex="0"]').focus();
}

const PRESSED = {
  h2: ["heading", { level: 2 }],
  h3: ["heading", { level: 3 }],
  h4: ["heading", { level: 4 }],
  p: ["paragraph"],
  bold: ["bold"],
  italic: ["italic"],
  ul: ["bulletList"],
  ol: ["orderedList"],
  quote: ["blockquote"],
  link: ["link"],
};

export function showState(bar, editor) {
  for (const button of bar.querySelectorAll("[data-tool]")) {
    const kind = PRESSED[button.dataset.tool];
    if (kind) button.setAttribute("aria-pressed", String(editor.isActive(...kind)));
  }
}

export const COMMANDS = {
  h2: (chain) => chain.toggleHeading({ level: 2 }),
  h3: (chain) => chain.toggleHeading({ level: 3 }),
  h4: (chain) => chain.toggleHeading({ level: 4 }),
  p: (chain) => chain.setParagraph(),
  bold: (chain) => chain.toggleBold(),
  italic: (chain) => chain.toggleItalic(),
  ul: (chain) => chain.toggleBulletList(),
  ol: (chain) => chain.toggleOrderedList(),
  quote: (chain) => chain.toggleBlockquote(),
  table: (chain) => chain.insertTable({ rows: 3, cols: 3, withHeaderRow: true }),
  row: (chain) => chain.addRowAfter(),
  column: (chain) => chain.addColumnAfter(),
  head: (chain) => chain.toggleHeaderRow(),
  "drop-row": (chain) => chain.deleteRow(),
  "drop-column": (chain) => chain.deleteColumn(),
  "drop-table": (chain) => chain.deleteTable(),
  unlink: (chain) => chain.extendMarkRange("link").unsetLink(),
  undo: (chain) => chain.undo(),
  redo: (chain) => chain.redo(),
};
