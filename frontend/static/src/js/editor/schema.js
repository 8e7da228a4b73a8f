// What a text may hold: as much as the server's sanitiser keeps, no more.
import { Extension, Mark, mergeAttributes } from "@tiptap/core";
import Image from "@tiptap/extension-image";
import { Table, TableCell, TableHeader, TableRow } from "@tiptap/extension-table";
import StarterKit from "@tiptap/starter-kit";

const LEADS = /^(?:https?:\/\/|mailto:|tel:|\/\d{6,12}\/)/i;

export function leadsSomewhere(address) {
  return LEADS.test(address.trim());
}

// The caption is a word about the table, not a row of it: the editor asks for it beside the bar.
const CaptionedTable = Table.extend({
  addAttributes() {
    return {
      caption: {
        default: "",
        parseHTML: (element) => readCaption(element),
        renderHTML: () => ({}),
      },
    };
  },
  parseHTML() {
    return [{ tag: "caption", ignore: true }, { tag: "table" }];
  },
  renderHTML({ node }) {
    const rows = ["tbody", 0];
    const caption = ["caption", { contenteditable: "false" }, node.attrs.caption];
    return node.attrs.caption ? ["table", {}, caption, rows] : ["table", {}, rows];
  },
});

// "表1" is what the server calls a table that has no caption.
function readCaption(table) {
  const caption = table.querySelector(":scope > caption")?.textContent.trim() ?? "";
  return /^表\d+$/.test(caption) ? "" : caption;
}

const spans = {
  colspan: { default: 1, parseHTML: (cell) => readSpan(cell, "colspan") },
  rowspan: { default: 1, parseHTML: (cell) => readSpan(cell, "rowspan") },
  colwidth: { default: null, parseHTML: () => null, renderHTML: () => ({}) },
};

function readSpan(cell, name) {
  const value = Number(cell.getAttribute(name) ?? 1);
  return Number.isInteger(value) && value > 0 && value <= 100 ? value : 1;
}

const Cell = TableCell.extend({ addAttributes: () => spans });
const Head = TableHeader.extend({ addAttributes: () => spans });

// Only pictures that are files of this publication: others have no place the server would keep.
const OwnImage = Image.extend({
  addAttributes() {
    return { src: { default: null }, alt: { default: "" } };
  },
  parseHTML() {
    return [{ tag: "img[src]", getAttrs: (image) => isOwnPicture(image.getAttribute("src")) && null }];
  },
  renderHTML({ HTMLAttributes }) {
    return ["img", mergeAttributes(HTMLAttributes)];
  },
});

const OWN_PICTURE = /^(?:\/[\w.-]+)*?\/\d{6,12}\/files\/\d+\/[^/?#\s]+$/;

function isOwnPicture(address) {
  return OWN_PICTURE.test(address);
}

function mark(name) {
  return Mark.create({
    name,
    parseHTML: () => [{ tag: name }],
    renderHTML: ({ HTMLAttributes }) => [name, HTMLAttributes, 0],
  });
}

// A key for leaving the text by the keyboard where Tab moves among the cells of a table.
const ToolbarKey = Extension.create({
  name: "toolbarKey",
  addOptions: () => ({ focusBar: () => {} }),
  addKeyboardShortcuts() {
    return { "Alt-F10": () => this.options.focusBar() };
  },
});

export function buildExtensions(focusBar) {
  return [
    StarterKit.configure({
      heading: { levels: [2, 3, 4] },
      code: false,
      codeBlock: false,
      dropcursor: false,
      trailingNode: false,
      link: {
        openOnClick: false,
        autolink: false,
        linkOnPaste: false,
        HTMLAttributes: { target: null, rel: null, class: null },
        isAllowedUri: (address) => leadsSomewhere(address),
      },
    }),
    CaptionedTable,
    TableRow,
    Cell,
    Head,
    OwnImage.configure({ inline: true }),
    mark("sub"),
    mark("sup"),
    ToolbarKey.configure({ focusBar }),
  ];
}
