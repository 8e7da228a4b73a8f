// Remember on this device which village the reader chose, and offer the way back to it.
import { recall, remember } from "./storage.js";

const KEY = "my-place";

function read() {
  try {
    const place = JSON.parse(recall(KEY) ?? "null");
    const local = typeof place?.url === "string" && /^\/(?!\/)/.test(place.url);
    return local && typeof place.name === "string" ? place : null;
  } catch {
    return null;
  }
}

function offer(page, place) {
  const bar = page.querySelector("[data-my-place]");
  if (!bar || !place || place.url === window.location.pathname) return;
  const link = bar.querySelector("a");
  link.href = place.url;
  link.textContent = place.name;
  bar.hidden = false;
  bar.querySelector("button").addEventListener("click", () => {
    remember(KEY, null);
    bar.hidden = true;
  });
}

export function rememberPlace(page) {
  offer(page, read());
  for (const button of page.querySelectorAll("[data-remember-place]")) {
    const { placeUrl: url, placeName: name } = button.dataset;
    const mine = () => read()?.url === url;
    button.setAttribute("aria-pressed", String(mine()));
    button.addEventListener("click", () => {
      remember(KEY, mine() ? null : JSON.stringify({ url, name }));
      button.setAttribute("aria-pressed", String(mine()));
    });
  }
}
