// Suggestions while typing, as a list of options that the browser itself shows.
const PAUSE_MS = 200;

function fill(list, words) {
  list.replaceChildren(
    ...words.map((word) => {
      const option = document.createElement("option");
      option.value = word;
      return option;
    }),
  );
}

async function ask(url, query, signal) {
  const address = new URL(url, window.location.href);
  address.searchParams.set("q", query);
  const answer = await fetch(address, { signal, headers: { Accept: "application/json" } });
  if (!answer.ok) return [];
  const { suggestions } = await answer.json();
  return Array.isArray(suggestions) ? suggestions.map(String).slice(0, 10) : [];
}

export function enhanceSearch(page) {
  for (const input of page.querySelectorAll("input[data-suggest]")) {
    const list = page.getElementById(input.getAttribute("list"));
    if (!list) continue;
    let timer;
    let running;
    const update = async () => {
      running?.abort();
      running = new AbortController();
      const query = input.value.trim();
      try {
        fill(list, query ? await ask(input.dataset.suggest, query, running.signal) : []);
      } catch (error) {
        if (error.name !== "AbortError") fill(list, []);
      }
    };
    input.addEventListener("input", (event) => {
      window.clearTimeout(timer);
      // An input method is still composing: its letters are not yet the reader's word.
      if (!event.isComposing) timer = window.setTimeout(update, PAUSE_MS);
    });
    input.addEventListener("compositionend", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(update, PAUSE_MS);
    });
  }
}
