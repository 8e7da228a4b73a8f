// The lines below the bar: the address of a link, the caption of a table, the words of a picture.
import { leadsSomewhere } from "./schema.js";

export class Details {
  constructor(frame, editor, form) {
    this.frame = frame;
    this.editor = editor;
    this.form = form;
    this.value("caption").addEventListener("input", (event) => this.#setCaption(event.target.value));
    frame.addEventListener("keydown", (event) => this.#onKey(event));
  }

  part(name) {
    return this.frame.querySelector(`[data-detail="${name}"]`);
  }

  value(name) {
    return this.frame.querySelector(`[data-value="${name}"]`);
  }

  open(name) {
    const part = this.part(name);
    const opened = part.hidden;
    part.hidden = !opened;
    if (!opened) return;
    if (name === "link") this.value("link").value = this.editor.getAttributes("link").href ?? "";
    if (name === "picture") this.#listPictures();
    part.querySelector("input, select:not([hidden])").focus();
  }

  // In a table its line stands open, without anybody asking.
  follow() {
    const inTable = this.editor.isActive("table");
    this.part("table").hidden = !inTable;
    const caption = this.value("caption");
    if (inTable && document.activeElement !== caption) {
      caption.value = this.editor.getAttributes("table").caption ?? "";
    }
  }

  setLink() {
    const address = this.value("link").value.trim();
    if (!this.#judge("link", leadsSomewhere(address))) return;
    const chain = this.editor.chain().focus();
    if (this.editor.state.selection.empty && !this.editor.isActive("link")) {
      const marks = [{ type: "link", attrs: { href: address } }];
      chain.insertContent({ type: "text", text: address, marks }).run();
    } else {
      chain.extendMarkRange("link").setLink({ href: address }).run();
    }
    this.part("link").hidden = true;
  }

  putPicture() {
    const source = this.value("picture").value;
    const alt = this.value("alt").value.trim();
    if (!source || !this.#judge("alt", alt !== "")) return;
    this.editor.chain().focus().insertContent({ type: "image", attrs: { src: source, alt } }).run();
    this.value("alt").value = "";
    this.part("picture").hidden = true;
  }

  #judge(name, right) {
    this.frame.querySelector(`[data-error="${name}"]`).hidden = right;
    const control = this.value(name);
    if (right) control.removeAttribute("aria-invalid");
    else {
      control.setAttribute("aria-invalid", "true");
      control.focus();
    }
    return right;
  }

  #setCaption(caption) {
    this.editor.commands.updateAttributes("table", { caption });
  }

  #listPictures() {
    const choice = this.value("picture");
    const shown = [...this.form.querySelectorAll("[data-kept-picture]")];
    choice.replaceChildren(
      ...shown.map((image) => new Option(image.dataset.keptPicture, image.getAttribute("src"))),
    );
    this.frame.querySelector("[data-no-pictures]").hidden = shown.length > 0;
  }

  #onKey(event) {
    const part = event.target.closest("[data-detail]");
    if (!part || !["Enter", "Escape"].includes(event.key) || event.isComposing) return;
    if (event.key === "Enter" && event.target.tagName !== "INPUT") return;
    event.preventDefault();
    if (event.key === "Escape" && part.dataset.detail !== "table") part.hidden = true;
    else if (part.dataset.detail === "link") return this.setLink();
    else if (part.dataset.detail === "picture") return this.putPicture();
    this.editor.commands.focus();
  }
}
