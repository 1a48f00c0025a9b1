// Puts fresh elements in the place of those with the same id, and touches nothing that is as it was.
import { elements } from "./markup.js";

/** Patches every element of the fragment that has an id which the page knows. */
export function patch(text) {
  for (const fresh of [...elements(text).children]) {
    const present = fresh.id && document.getElementById(fresh.id);
    if (present) settle(present, fresh);
  }
  document.dispatchEvent(new CustomEvent("patched"));
}

function settle(present, fresh) {
  if (present.isEqualNode(fresh)) return;
  const isList = "keyed" in present.dataset && present.tagName === fresh.tagName;
  if (!isList) return replace(present, fresh);
  for (const name of fresh.getAttributeNames()) present.setAttribute(name, fresh.getAttribute(name));
  children(present, [...fresh.children], present.dataset.keyed === "merge");
}

// A list: its children go by id; what stays keeps its place, its focus and what was typed in it. A list that is merged
// loses nothing: it may show more than the fragment brings.
function children(list, wanted, merges) {
  const ids = new Set(wanted.map((child) => child.id));
  if (!merges) for (const child of [...list.children]) if (!ids.has(child.id)) child.remove();
  let before = null;
  for (const child of wanted) {
    const known = child.id && document.getElementById(child.id);
    if (known?.parentElement !== list) {
      list.insertBefore(child, before ? before.nextElementSibling : list.firstElementChild);
      before = child;
      continue;
    }
    const place = before ? before.nextElementSibling : list.firstElementChild;
    if (!merges && place !== known) list.insertBefore(known, place);
    settle(known, child);
    before = document.getElementById(child.id);
  }
}

// Holds a field something other than the page gave it?
function isTouched(field) {
  if (field.matches("select")) return [...field.options].some((one) => one.selected !== one.defaultSelected);
  return field.matches("textarea, input:not([type=checkbox])") && field.value !== field.defaultValue;
}

function replace(present, fresh) {
  // What somebody is typing in is not taken from under their hands.
  const active = document.activeElement;
  const isTyping = present.contains(active) && isTouched(active);
  if (isTyping && !active.form?.hasAttribute("aria-busy")) return;
  const focused = present.contains(active) ? active.id : "";
  for (const details of present.querySelectorAll("details[open]")) {
    const same = details.id && fresh.querySelector(`#${CSS.escape(details.id)}`);
    if (same) same.open = true;
  }
  present.replaceWith(fresh);
  if (focused) document.getElementById(focused)?.focus();
}
