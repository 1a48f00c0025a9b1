// Ctrl+Enter sends the form of a text; a choice in a form that says so sends it at once.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.matches("[data-sends]")) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

document.addEventListener("change", (event) => {
  if (event.target.form?.matches("[data-submits]")) event.target.form.requestSubmit();
});

for (const element of document.querySelectorAll("[data-without-script]")) element.hidden = true;
document.addEventListener("patched", () => {
  for (const element of document.querySelectorAll("[data-without-script]")) element.hidden = true;
});
