// Scores without network: what is entered is kept on the device until the office has it, and nothing
// is sent before the office answers. Without this file the form does the same work, with network.
const form = document.querySelector("form[data-scores]");
const done = document.querySelector("[data-scores-done]");
const PREFIX = "evaluation-scores:";

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function write(key, fields) {
  try {
    if (fields === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(fields));
  } catch {
    // A private window may refuse it; the form still works.
  }
}

function keepScores() {
  const key = PREFIX + form.dataset.scores;
  const state = form.querySelector("[data-scores-state]");
  const controls = () =>
    [...form.elements].filter(
      (one) => one.name && !["hidden", "file", "submit"].includes(one.type),
    );
  let reached = false;

  const say = (text) => {
    state.textContent = text;
    state.hidden = false;
  };

  const keep = () => {
    const fields = controls().map((one) => [
      one.type === "radio" ? `${one.name}=${one.value}` : one.name,
      one.type === "radio" ? one.checked : one.value,
    ]);
    write(key, Object.fromEntries(fields));
  };

  function fill() {
    const fields = read(key);
    if (!fields || form.dataset.typed) return;
    for (const one of controls()) {
      if (one.type === "radio") one.checked = fields[`${one.name}=${one.value}`] ?? one.checked;
      else one.value = fields[one.name] ?? one.value;
    }
    say(form.dataset.saidFilled);
  }

  form.addEventListener("input", keep);
  form.addEventListener("submit", async (event) => {
    if (reached) return;
    event.preventDefault();
    keep();
    say(form.dataset.saidSending);
    try {
      await fetch(form.dataset.desk, { method: "HEAD", cache: "no-store" });
    } catch {
      say(form.dataset.saidOffline);
      return;
    }
    reached = true;
    form.requestSubmit();
  });
  window.addEventListener("online", () => say(form.dataset.saidOnline));
  window.addEventListener("pageshow", () => {
    reached = false;
  });
  fill();
  if (form.dataset.typed) keep();
  navigator.serviceWorker?.register(form.dataset.worker).catch(() => {});
}

// What is handed in needs no draft; after the last form nothing of them stays on the device.
async function forget() {
  write(PREFIX + done.dataset.scoresDone, null);
  if (!done.dataset.last) return;
  await globalThis.caches?.delete("evaluation-desk");
  for (const worker of (await navigator.serviceWorker?.getRegistrations()) ?? []) {
    if (worker.scope.includes("/evaluation/desk/")) await worker.unregister();
  }
}

if (form) keepScores();
if (done) forget();
