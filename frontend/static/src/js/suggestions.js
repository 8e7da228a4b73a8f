// Suggestions under the search box: a combobox whose list completes what is typed. Without this
// file, or where the server does not answer, the box is a plain search field.
const WAIT_MS = 150;

function makeList(input) {
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = `${input.id}-suggestions`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0]?.textContent.trim() ?? "");
  list.hidden = true;
  input.after(list);
  return list;
}

function makeStatus(form) {
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  form.append(status);
  return status;
}

function makeOption(list, text, number) {
  const option = document.createElement("li");
  option.id = `${list.id}-${number}`;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  option.textContent = text;
  return option;
}

class Suggestions {
  constructor(form, input) {
    this.form = form;
    this.input = input;
    this.list = makeList(input);
    this.status = makeStatus(form);
    this.active = -1;
    this.typed = input.value;
    this.composing = false;
    this.timer = 0;
    this.request = null;
    for (const [name, value] of [
      ["role", "combobox"],
      ["aria-autocomplete", "list"],
      ["aria-controls", this.list.id],
      ["aria-expanded", "false"],
    ]) {
      input.setAttribute(name, value);
    }
    this.listen();
  }

  listen() {
    const { input, list } = this;
    input.addEventListener("compositionstart", () => {
      this.composing = true;
      this.stop();
    });
    input.addEventListener("compositionend", () => {
      this.composing = false;
      this.later();
    });
    input.addEventListener("input", () => this.later());
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("blur", () => this.close());
    // The box keeps the focus: the list is only pointed at.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest('[role="option"]');
      if (option) this.choose(option.textContent);
    });
    this.form.addEventListener("submit", () => this.close());
  }

  // What an input method is still composing is no question yet.
  later() {
    if (this.composing) return;
    this.stop();
    this.typed = this.input.value;
    if (this.typed.trim() === "") this.close();
    else this.timer = window.setTimeout(() => this.ask(), WAIT_MS);
  }

  stop() {
    window.clearTimeout(this.timer);
    this.request?.abort();
    this.request = null;
  }

  async ask() {
    const request = new AbortController();
    this.request = request;
    const scope = this.form.querySelector('[name="scope"]:checked')?.value ?? "";
    const asked = new URLSearchParams({ q: this.typed, scope });
    try {
      const answer = await fetch(`${this.form.dataset.suggestions}?${asked}`, {
        signal: request.signal,
        referrerPolicy: "no-referrer",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const { suggestions } = await answer.json();
      if (this.request === request) this.show(suggestions);
    } catch {
      if (this.request === request) this.close();
    }
  }

  show(texts) {
    if (document.activeElement !== this.input || texts.length === 0) {
      this.close();
      return;
    }
    this.list.replaceChildren(...texts.map((text, number) => makeOption(this.list, text, number)));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.point(-1);
    this.status.textContent = this.form.dataset.suggested.replace("{count}", String(texts.length));
  }

  close() {
    this.stop();
    this.list.hidden = true;
    this.list.replaceChildren();
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.status.textContent = "";
  }

  // Point at an option and show it in the box; before the first stands what was typed.
  point(number) {
    const options = [...this.list.children];
    this.active = number;
    for (const [place, option] of options.entries()) {
      option.setAttribute("aria-selected", String(place === number));
    }
    const option = options[number];
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
    this.input.value = option ? option.textContent : this.typed;
  }

  press(event) {
    if (event.isComposing || this.composing) return;
    if (event.key === "ArrowDown" && this.list.hidden) {
      if (this.input.value.trim() === "") return;
      event.preventDefault();
      this.later();
      return;
    }
    if (this.list.hidden) return;
    const count = this.list.children.length;
    if (event.key === "ArrowDown") this.point(this.active + 1 < count ? this.active + 1 : -1);
    else if (event.key === "ArrowUp") this.point(this.active < 0 ? count - 1 : this.active - 1);
    else if (event.key === "Escape") {
      this.input.value = this.typed;
      this.close();
    } else return;
    event.preventDefault();
  }

  choose(text) {
    this.input.value = text;
    this.close();
    if (this.form.requestSubmit) this.form.requestSubmit();
    else this.form.submit();
  }
}

export function suggestWhileTyping(page) {
  for (const form of page.querySelectorAll("form[data-suggestions]")) {
    const input = form.querySelector('input[type="search"]');
    if (input) new Suggestions(form, input);
  }
}
