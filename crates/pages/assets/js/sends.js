// Ctrl+Enter sends the form of a text; a choice in a form that says so (data-submits) sends it at once. Arrow keys go
// through the choices one by one: then it is Enter, or leaving the field, that sends.
let steps = false;

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (target.form?.matches("[data-submits]")) {
    steps = key !== "Enter";
    if (key === "Enter" && isChanged(target)) target.form.requestSubmit();
    return;
  }
  if (key !== "Enter" || !(event.ctrlKey || event.metaKey) || !target.matches("[data-sends]")) return;
  event.preventDefault();
  target.form.requestSubmit();
});

function isChanged(select) {
  return [...select.options].some((option) => option.selected !== option.defaultSelected);
}

document.addEventListener("pointerdown", () => (steps = false));

document.addEventListener("change", ({ target }) => {
  if (target.form?.matches("[data-submits]") && !steps) target.form.requestSubmit();
});

document.addEventListener("focusout", ({ target }) => {
  if (target.form?.matches("[data-submits]") && steps && target.isConnected && isChanged(target)) target.form.requestSubmit();
});

const hide = () => document.querySelectorAll("[data-without-script]").forEach((element) => (element.hidden = true));
hide();
document.addEventListener("patched", hide);
