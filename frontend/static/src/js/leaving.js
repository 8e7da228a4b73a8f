// A form marked data-guard asks before what was typed is lost by leaving the page.
export function guardLeaving(page) {
  for (const form of page.querySelectorAll("form[data-guard]")) {
    let changed = false;
    form.addEventListener("input", () => {
      changed = true;
    });
    form.addEventListener("submit", () => {
      changed = false;
    });
    window.addEventListener("beforeunload", (event) => {
      if (changed) event.preventDefault();
    });
  }
}
