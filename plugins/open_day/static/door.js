// The door without network: notes are kept on the device and handed over when there is network.
// Every note has a nonce of its own; handing it over twice counts once. Without this file the
// page's forms do the same work, with network.
const door = document.querySelector("[data-door]");

if (door) {
  const key = `open-day-door-${door.dataset.key}`;
  const state = door.querySelector("[data-door-state]");
  const csrf = door.querySelector("input[name=csrf_token]").value;
  let sending = false;

  const random = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
      byte.toString(16).padStart(2, "0"),
    ).join("");

  const kept = () => JSON.parse(localStorage.getItem(key) ?? "[]");
  const keep = (notes) => localStorage.setItem(key, JSON.stringify(notes));

  const device = () => {
    const name = localStorage.getItem("open-day-device") ?? random().slice(0, 8);
    localStorage.setItem("open-day-device", name);
    return name;
  };

  const say = (text) => {
    state.textContent = text;
    state.hidden = false;
  };

  const waiting = () => say(door.dataset.saidWaiting.replace("{n}", kept().length));

  const mark = (code, text) => {
    const row = door.querySelector(`[data-code="${CSS.escape(code)}"]`);
    const place = row?.querySelector("[data-door-mark]");
    if (!place) return;
    const tag = document.createElement("span");
    tag.className = "tag tag--good";
    tag.textContent = text;
    place.replaceChildren(tag);
  };

  async function send() {
    const notes = kept();
    if (sending || notes.length === 0) return;
    sending = true;
    try {
      const answer = await fetch(door.dataset.upload, {
        method: "POST",
        redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
        body: JSON.stringify({ device: device(), notes }),
      });
      if (answer.ok) taken(await answer.json());
      else say(door.dataset.saidSignin);
    } catch {
      waiting();
    } finally {
      sending = false;
    }
  }

  function taken({ notes }) {
    const done = new Map(notes.map((note) => [note.nonce, note.outcome]));
    const codes = new Map(kept().map((note) => [note.nonce, note.code]));
    keep(kept().filter((note) => !done.has(note.nonce)));
    for (const [nonce, outcome] of done) {
      if (outcome === "unknown" || outcome === "no_place") {
        mark(codes.get(nonce) ?? "", door.dataset.saidRefused);
      } else if (outcome === "exception") {
        mark(codes.get(nonce) ?? "", door.dataset.saidException);
      } else if (outcome === "already") {
        mark(codes.get(nonce) ?? "", door.dataset.saidAlready);
      }
    }
    say(door.dataset.saidSent);
    if (kept().length > 0) send();
  }

  door.querySelector("[data-door-list]")?.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.name !== "ticket") return;
    event.preventDefault();
    const row = button.closest("[data-code]");
    const note = {
      nonce: random(),
      code: row.dataset.code,
      act: "in",
      at: new Date().toISOString(),
      heads: Number(row.dataset.heads),
    };
    keep([...kept(), note]);
    mark(note.code, door.dataset.saidIn);
    button.disabled = true;
    send();
  });

  const search = door.querySelector("[data-door-search]");
  search?.addEventListener("input", () => {
    const wanted = search.querySelector("input[name=q]").value.trim();
    for (const row of door.querySelectorAll("[data-words]")) {
      row.hidden = wanted !== "" && !row.dataset.words.includes(wanted);
    }
  });

  for (const note of kept()) mark(note.code, door.dataset.saidIn);
  if (kept().length > 0) waiting();
  window.addEventListener("online", send);
  send();
  if (door.dataset.over) forget();
  else navigator.serviceWorker?.register(door.dataset.worker).catch(() => {});

  // After the day no list of people stays on the device.
  async function forget() {
    await globalThis.caches?.delete("open-day-door");
    const workers = (await navigator.serviceWorker?.getRegistrations()) ?? [];
    for (const worker of workers) {
      if (worker.scope.includes("/console/open-days/")) await worker.unregister();
    }
  }
}
