// Keep the preview of a form's text up to date: the server reads the text as it does when storing.
const pause = 600;

export function previewText(page) {
  const form = page.querySelector("form[data-text-preview]");
  const text = form?.elements[form.dataset.textPreview];
  if (!text) return;
  let timer = 0;
  let asked = 0;
  const show = async () => {
    asked += 1;
    const number = asked;
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    data.set("act", "preview");
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body: data });
    } catch {
      return; // without a network the button below the text says so
    }
    if (!answer.ok || number !== asked) return;
    const shown = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = shown.getElementById("text-preview");
    if (fresh) page.getElementById("text-preview").replaceChildren(...fresh.childNodes);
  };
  const later = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(show, delay);
  };
  text.addEventListener("input", (event) => later(event.inputType === "insertFromPaste" ? 0 : pause));
}
