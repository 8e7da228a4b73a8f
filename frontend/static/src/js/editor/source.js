// Between the editor and the form's field: a text without any formatting stays plain text there.
const MARKUP = /<(?:[a-z!/?])/i;
const LINE = /\r\n?|\n/;

export function isMarkup(text) {
  return MARKUP.test(text);
}

// Styles are dropped before a browser reads the markup: the page's policy would refuse each of them.
export function withoutStyles(html) {
  return html
    .replace(/<(style|script|xml|title)\b[\s\S]*?<\/\1\s*>|<!--[\s\S]*?-->|<(?:meta|link)\b[^>]*>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/gi, ""));
}

// Headings go down by one level, as on the server: the page has one h1, its title.
export function toContent(text) {
  if (isMarkup(text)) return withoutStyles(text).replace(/(<\/?)h1\b/gi, "$1h2");
  const lines = text.split(LINE).map((line) => ({
    type: "paragraph",
    content: line === "" ? [] : [{ type: "text", text: line }],
  }));
  return { type: "doc", content: lines };
}

export function toSource(editor) {
  const lines = readLines(editor.state.doc);
  return lines ? lines.join("\n").trimEnd() : shorten(editor.getHTML());
}

// The lines of a document of plain paragraphs; nothing of any other.
function readLines(document) {
  const lines = [];
  for (const block of document.content.content) {
    if (block.type.name !== "paragraph") return null;
    const plain = block.content.content.every((part) => part.isText && part.marks.length === 0);
    if (!plain || /[<&]/.test(block.textContent)) return null;
    lines.push(block.textContent);
  }
  return lines;
}

// A cell or an item of one paragraph is written without it; an empty paragraph at the end is none.
function shorten(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const holder of page.querySelectorAll("td, th, li")) {
    const only = holder.firstElementChild;
    if (holder.childNodes.length === 1 && only?.tagName === "P") only.replaceWith(...only.childNodes);
  }
  for (const caption of page.querySelectorAll("caption")) caption.removeAttribute("contenteditable");
  const last = page.body.lastElementChild;
  if (last?.tagName === "P" && last.childNodes.length === 0) last.remove();
  return page.body.innerHTML;
}
