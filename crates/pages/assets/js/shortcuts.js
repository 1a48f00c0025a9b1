// Keyboard shortcuts: declared on the element that does the thing (data-key="m", data-key="g i"). Off while typing.
const places = { "g i": "/inbox", "g c": "/contacts", "g d": "/deliveries" };
let first = "";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const typing = event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  if (event.key === "Escape" && typing) return typing.blur();
  if (typing || document.querySelector("dialog[open]")) return;
  const key = first ? `${first} ${event.key}` : event.key;
  first = "";
  if (event.key === "g" && key === "g") {
    first = "g";
    return;
  }
  if (key === "?") {
    event.preventDefault();
    return document.getElementById("shortcuts")?.showModal();
  }
  const element = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (element) {
    event.preventDefault();
    if (element.matches("input, textarea, select")) element.focus();
    else element.click();
    if (element.matches("select")) element.showPicker?.();
  } else if (places[key]) {
    location.assign(places[key]);
  }
});
