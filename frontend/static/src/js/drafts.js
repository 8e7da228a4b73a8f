// What staff type is kept on this device until it is sent: a closed window or an empty battery loses
// nothing. A form takes part by holding `draft_offer()` of components/forms.html. Never kept: hidden
// fields, passwords, files, what is marked data-sensitive, and any field that holds the number of an
// identity card. Drafts end after seven days, and when the person signs out.
import { recall, remember } from "./storage.js";

const PREFIX = "draft:";
const LONGEST_LIFE = 7 * 24 * 3600 * 1000;
const PAUSE = 800;
const NOT_KEPT = new Set(["hidden", "password", "file", "submit", "button", "reset", "image"]);

function listKeys() {
  try {
    return Object.keys(window.localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return [];
  }
}

function read(key) {
  try {
    const draft = JSON.parse(recall(key) ?? "null");
    return typeof draft?.at === "number" && Array.isArray(draft.fields) ? draft : null;
  } catch {
    return null;
  }
}

// Numbers are typed with blanks, dashes and full-width digits too.
export function holdsIdNumber(text) {
  return /[0-9]{17}[0-9X]/i.test(text.normalize("NFKC").replace(/[\s.-]/g, ""));
}

function listControls(form) {
  return [...form.elements].filter(
    (one) => one.name && !NOT_KEPT.has(one.type) && one.tagName !== "BUTTON" && !one.closest("[data-sensitive]"),
  );
}

function readControl(control) {
  if (control.type === "checkbox" || control.type === "radio") return control.checked;
  if (control.multiple) return [...control.selectedOptions].map((option) => option.value);
  return control.value;
}

function fillControl(control, value) {
  if (typeof value === "boolean") control.checked = value;
  else if (Array.isArray(value)) {
    for (const option of control.options) option.selected = value.includes(option.value);
  } else control.value = value;
  control.dispatchEvent(new Event("input", { bubbles: true }));
}

// Controls of one name (boxes, rows) are told apart by their place among them.
function nameControls(form) {
  const counts = new Map();
  return listControls(form).map((control) => {
    const number = counts.get(control.name) ?? 0;
    counts.set(control.name, number + 1);
    return [`${control.name}#${number}`, control];
  });
}

function readForm(form) {
  return nameControls(form)
    .map(([name, control]) => [name, readControl(control)])
    .filter(([, value]) => typeof value !== "string" || !holdsIdNumber(value));
}

function offer(form, place, key, draft) {
  const shown = new Map(nameControls(form));
  const changed = draft.fields.filter(
    ([name, value]) => shown.has(name) && String(readControl(shown.get(name))) !== String(value),
  );
  if (changed.length === 0) return;
  place.querySelector("[data-draft-time]").textContent = new Date(draft.at).toLocaleString(
    document.documentElement.lang,
    { dateStyle: "medium", timeStyle: "short" },
  );
  place.hidden = false;
  place.querySelector("[data-draft-use]").addEventListener("click", () => {
    for (const [name, value] of changed) fillControl(shown.get(name), value);
    place.hidden = true;
  });
  place.querySelector("[data-draft-drop]").addEventListener("click", () => {
    remember(key, null);
    place.hidden = true;
  });
}

function keepForm(form, place) {
  const key = `${PREFIX}${place.dataset.person}:${new URL(form.action).pathname}`;
  const draft = read(key);
  if (draft) offer(form, place, key, draft);
  let timer = 0;
  let changed = false;
  const keep = (sent) => {
    window.clearTimeout(timer);
    if (changed) remember(key, JSON.stringify({ at: Date.now(), fields: readForm(form), sent }));
  };
  form.addEventListener("input", () => {
    changed = true;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => keep(false), PAUSE);
  });
  form.addEventListener("submit", () => {
    keep(true);
    changed = false;
  });
  window.addEventListener("pagehide", () => keep(false));
  return key;
}

// What was sent is done with once another page of the console answers than the form itself.
function forgetSent(present) {
  for (const key of listKeys()) if (!present.has(key) && read(key)?.sent) remember(key, null);
}

export function forgetOldDrafts() {
  for (const key of listKeys()) {
    const draft = read(key);
    if (!draft || Date.now() - draft.at > LONGEST_LIFE) remember(key, null);
  }
}

export function forgetDraftsAtSignOut(page) {
  for (const form of page.querySelectorAll("form[data-sign-out]")) {
    form.addEventListener("submit", () => {
      for (const key of listKeys()) remember(key, null);
    });
  }
}

export function keepDrafts(page) {
  const present = new Set();
  for (const place of page.querySelectorAll("form [data-draft-offer]")) {
    present.add(keepForm(place.closest("form"), place));
  }
  forgetSent(present);
}
