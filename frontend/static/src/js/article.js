// The print button and the choice of text size, which mean nothing without a script.
import { recall, remember } from "./storage.js";

const SIZES = ["", "text-large", "text-larger"];

function applySize(root, size) {
  root.classList.remove("text-large", "text-larger");
  if (size) root.classList.add(size);
}

function markPressed(buttons, size) {
  for (const button of buttons) {
    button.setAttribute("aria-pressed", String(button.dataset.textSize === size));
  }
}

export function enhanceArticle(page) {
  for (const tools of page.querySelectorAll("[data-needs-script]")) tools.hidden = false;
  for (const button of page.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => window.print());
  }

  const buttons = [...page.querySelectorAll("[data-text-size]")];
  if (buttons.length === 0) return;
  const stored = recall("text-size") ?? "";
  const size = SIZES.includes(stored) ? stored : "";
  applySize(page.documentElement, size);
  markPressed(buttons, size);
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const chosen = button.dataset.textSize;
      applySize(page.documentElement, chosen);
      markPressed(buttons, chosen);
      remember("text-size", chosen || null);
    });
  }
}
