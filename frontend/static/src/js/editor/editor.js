// Formatted text in place of the plain field, which keeps what is sent and what the device keeps.
import { Editor } from "@tiptap/core";
import { recall, remember } from "../storage.js";
import { Details } from "./details.js";
import { handlePaste } from "./paste.js";
import { buildExtensions } from "./schema.js";
import { toContent, toSource, withoutStyles } from "./source.js";
import { COMMANDS, moveByArrows, showState } from "./toolbar.js";

const PLAIN = "editor:plain";
// Beyond this a text is edited as it is: a browser on a phone would stop at each letter.
const LONGEST_RICH = 200_000;

export function mountEditors(page) {
  for (const frame of page.querySelectorAll("[data-editor]")) mount(frame);
}

function mount(frame) {
  const field = document.getElementById(frame.dataset.editor);
  const bar = frame.querySelector("[role=toolbar]");
  const words = JSON.parse(frame.querySelector("[data-words]").innerHTML);
  const said = frame.querySelector("[data-said]");
  const say = (text) => {
    said.textContent = text;
  };
  const focusBar = moveByArrows(bar);
  const editor = build(frame, field, { say, words, focusBar });
  const details = new Details(frame, editor, field.form);
  const mode = new Mode(frame, field, editor, { say, words });

  editor.on("transaction", () => {
    showState(bar, editor);
    details.follow();
  });
  frame.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-tool]")?.dataset.tool;
    if (tool === "plain") mode.toggle();
    else if (tool === "link" || tool === "picture") details.open(tool);
    else if (tool === "set-link") details.setLink();
    else if (tool === "put-picture") details.putPicture();
    else if (tool) COMMANDS[tool](editor.chain().focus()).run();
  });
  showState(bar, editor);
  mode.begin();
}

function build(frame, field, { say, words, focusBar }) {
  let writing = false;
  const editor = new Editor({
    element: frame.querySelector("[data-surface]"),
    extensions: buildExtensions(focusBar),
    content: field.value.length > LONGEST_RICH ? "" : toContent(field.value),
    injectCSS: false,
    parseOptions: { preserveWhitespace: true },
    editorProps: {
      attributes: () => ({
        id: `${field.id}-rich`,
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": frame.dataset.label,
        "aria-describedby": field.getAttribute("aria-describedby") ?? "",
        ...(field.hasAttribute("aria-invalid") ? { "aria-invalid": "true" } : {}),
      }),
      transformPastedHTML: withoutStyles,
      handleDOMEvents: {
        paste: (view, event) =>
          handlePaste(editor, event, { longest: Number(frame.dataset.longest), say, words, form: field.form }),
      },
      handleDrop: (view, event) => event.dataTransfer?.files.length > 0,
    },
    onUpdate: () => {
      writing = true;
      field.value = toSource(editor);
      field.dispatchEvent(new Event("input", { bubbles: true }));
      writing = false;
    },
  });
  // Something else wrote into the field: what the device had kept, another version.
  field.addEventListener("input", () => {
    if (!writing && !frame.hidden) editor.commands.setContent(toContent(field.value), { emitUpdate: false });
  });
  return editor;
}

// Formatted or plain: one of the two can be seen; the choice is remembered on this device.
class Mode {
  constructor(frame, field, editor, { say, words }) {
    Object.assign(this, { frame, field, editor, say, words });
    this.plain = false;
    this.tool = frame.querySelector('[data-tool="plain"]');
    this.plainWord = this.tool.textContent;
    this.back = this.#buildBack();
  }

  begin() {
    this.field.addEventListener("focus", () => {
      if (!this.plain) this.editor.commands.focus();
    });
    const long = this.field.value.length > LONGEST_RICH;
    this.#show(long || recall(PLAIN) === "yes");
    if (long) this.say(this.words.large);
  }

  toggle() {
    this.#show(!this.plain);
    remember(PLAIN, this.plain ? "yes" : null);
    if (this.plain) this.field.focus();
    else this.editor.commands.focus();
  }

  #show(plain) {
    if (!plain) this.editor.commands.setContent(toContent(this.field.value), { emitUpdate: false });
    this.plain = plain;
    this.frame.hidden = plain;
    this.back.hidden = !plain;
    this.field.classList.toggle("editor__source", !plain);
    this.field.tabIndex = plain ? 0 : -1;
    if (plain) this.field.removeAttribute("aria-hidden");
    else this.field.setAttribute("aria-hidden", "true");
  }

  #buildBack() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--secondary";
    button.textContent = this.words.rich;
    button.hidden = true;
    button.addEventListener("click", () => this.toggle());
    this.field.before(button);
    return button;
  }
}
