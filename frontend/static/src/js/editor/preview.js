// The preview of the text: the server reads it as it does when storing.
const PAUSE = 600;
// A text that the server could not look at (no network, the rate limit) is asked for again.
const RETRY = 5000;

// Answers {html, preview}; {message} where it was refused; {} without a network.
export async function askForText(form, text) {
  const data = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, body: text });
  const publication = form.dataset.publication;
  if (publication) data.set("publication", publication);
  for (const file of form.querySelectorAll('input[name="file"]')) data.append("file", file.value);
  try {
    const answer = await fetch(form.dataset.textAddress, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json" },
    });
    return await answer.json();
  } catch {
    return {};
  }
}

export function previewText(page) {
  const form = page.querySelector("form[data-text-preview]");
  const text = form?.elements[form.dataset.textPreview];
  if (!text) return;
  const place = page.getElementById("text-preview");
  let timer = 0;
  let asked = 0;
  const show = async () => {
    asked += 1;
    const number = asked;
    const { preview } = await askForText(form, text.value);
    if (number !== asked) return;
    if (preview === undefined) return later(RETRY);
    const shown = new DOMParser().parseFromString(preview, "text/html");
    place.replaceChildren(...shown.body.childNodes);
  };
  const later = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(show, delay);
  };
  text.addEventListener("input", (event) => later(event.inputType === "insertFromPaste" ? 0 : PAUSE));
  openOnPhones(form, place, show);
}

// On a narrow screen the preview stays folded until its button is pressed.
function openOnPhones(form, place, show) {
  const button = form.querySelector("[data-show-text]");
  place.classList.add("is-folded");
  place.closest(".editor-split")?.classList.add("is-live");
  button.setAttribute("aria-controls", place.id);
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", async (event) => {
    if ([...form.querySelectorAll('input[type="file"]')].some((input) => input.files.length > 0)) return;
    event.preventDefault();
    const folded = place.classList.toggle("is-folded");
    button.setAttribute("aria-expanded", String(!folded));
    await show();
  });
}
