// What is typed is kept on the server too (on this device js/drafts.js keeps it): for another device,
// after a lost network, after a lost session. Nothing here asks anybody before it is needed.
import { recall, remember } from "../storage.js";

const PAUSE = 2500;
const AGAIN = 10_000;
const NOT_SENT = new Set(["csrf_token", "version", "act", "body_seen", "note", "file", "remove"]);

function getDevice() {
  const known = recall("device");
  if (known) return known;
  const made = [...crypto.getRandomValues(new Uint8Array(12))].map((n) => n.toString(16).padStart(2, "0")).join("");
  remember("device", made);
  return made;
}

function nameDevice() {
  const agent = navigator.userAgent;
  const kind = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"].find((each) => agent.includes(each));
  return kind ?? "";
}

export function autosave(page) {
  for (const place of page.querySelectorAll("form [data-autosave]")) {
    new Autosave(place.closest("form"), place).begin();
  }
}

class Autosave {
  #timer = 0;
  #changed = false;
  #running = false;
  #stopped = false;

  constructor(form, place) {
    Object.assign(this, { form, place, device: getDevice(), seen: Number(place.dataset.seen) });
    this.words = JSON.parse(place.querySelector("[data-words]").innerHTML);
    this.said = place.querySelector("[data-said]");
    this.signIn = place.querySelector("[data-sign-in]");
  }

  begin() {
    this.form.addEventListener("input", () => {
      this.#changed = true;
      this.#later(PAUSE);
    });
    this.form.addEventListener("submit", () => {
      this.#stopped = true;
    });
    window.addEventListener("online", () => this.#keep());
    window.addEventListener("pagehide", () => this.#keep(true));
    document.addEventListener("visibilitychange", () => this.#onVisible());
    window.addEventListener("focus", () => this.#onVisible());
  }

  #later(delay) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#keep(), delay);
  }

  async #keep(leaving = false) {
    if (!this.#changed || this.#stopped || this.#running) return;
    this.#running = true;
    this.#changed = false;
    const said = await this.#send(leaving);
    this.#running = false;
    if (said.kept) {
      this.seen = said.kept.version;
      this.#say(this.words.kept.replace("{time}", said.kept.saved_at), said.kept.others);
      if (said.kept.outdated) this.#say(this.words.outdated, said.kept.others);
      if (this.#changed) this.#later(PAUSE);
      return;
    }
    this.#changed = true;
    this.signIn.hidden = !said.lost;
    this.#say(said.lost ? this.words.lost : (said.message ?? this.words.offline), []);
    if (said.overtaken) this.#stopped = true;
    else if (!said.lost) this.#later(AGAIN);
  }

  // Answers {kept}, {lost} for a lost session, {message}, or {} without a network.
  async #send(leaving) {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string" && !NOT_SENT.has(name)) data.append(name, value);
    }
    data.set("csrf_token", this.form.elements.csrf_token.value);
    data.set("device", this.device);
    data.set("device_name", nameDevice());
    data.set("seen", this.seen);
    data.set("based_on", this.form.elements.version?.value ?? 0);
    if (this.form.dataset.publication) data.set("publication", this.form.dataset.publication);
    try {
      const answer = await fetch(this.place.dataset.address, {
        method: "POST",
        body: data,
        keepalive: leaving && data.toString().length < 60_000,
        headers: { Accept: "application/json" },
        redirect: "manual",
      });
      if (answer.status === 400 || answer.status === 401 || answer.type === "opaqueredirect") return { lost: true };
      const told = await answer.json();
      return answer.ok ? { kept: told } : told;
    } catch {
      return {};
    }
  }

  // Somebody comes back to this window, perhaps from signing in again in another one.
  async #onVisible() {
    if (document.visibilityState !== "visible" || this.signIn.hidden) return;
    try {
      const answer = await fetch(this.place.dataset.address, {
        headers: { Accept: "application/json" },
        redirect: "manual",
      });
      if (!answer.ok) return;
      const { csrf_token: token, person } = await answer.json();
      if (String(person) !== this.place.dataset.person) return;
      for (const field of document.querySelectorAll('input[name="csrf_token"]')) field.value = token;
      this.signIn.hidden = true;
      this.#keep();
    } catch {
      // still without a network
    }
  }

  #say(text, others) {
    this.said.textContent = [text, ...others].join(" ");
  }
}
