// A checkbox marked data-select-all="name" sets every checkbox of that name in its form.
export function selectAll(page) {
  for (const master of page.querySelectorAll("input[data-select-all]")) {
    const boxes = () => master.form?.querySelectorAll(`input[name="${master.dataset.selectAll}"]`);
    master.closest("[hidden]")?.removeAttribute("hidden");
    master.addEventListener("change", () => {
      for (const box of boxes() ?? []) box.checked = master.checked;
    });
  }
}
