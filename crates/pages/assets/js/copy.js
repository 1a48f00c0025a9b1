// A button that copies what stands in a field: data-copies names the field, data-copied what is said then.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copies);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // Without https the clipboard is closed to scripts; the field is selected, and the keyboard copies it.
    return;
  }
  const said = button.dataset.copied;
  document.getElementById("announcer")?.replaceChildren(said);
  button.replaceChildren(said);
});
