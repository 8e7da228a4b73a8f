// A passage that is selected in the document beside a review stands in the form of remarks.
export function followPassages() {
  const form = document.querySelector("form[data-passage]");
  const text = document.querySelector(".review__document");
  if (!form || !text) return;
  const field = form.elements.passage;
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !text.contains(selection.anchorNode)) return;
    const words = selection.toString().replace(/\s+/g, " ").trim().slice(0, field.maxLength);
    if (!words) return;
    field.value = words;
    form.closest("details").open = true;
  });
}
