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
  if (!("keyed" in present.dataset)) return replace(present, fresh);
  // A list: its children go by id; what stays keeps its place, its focus and what was typed in it.
  for (const name of fresh.getAttributeNames()) present.setAttribute(name, fresh.getAttribute(name));
  const wanted = [...fresh.children];
  const ids = new Set(wanted.map((child) => child.id));
  for (const child of [...present.children]) if (!ids.has(child.id)) child.remove();
  wanted.forEach((child, place) => {
    const known = child.id && document.getElementById(child.id);
    if (known && known.parentElement === present) {
      if (present.children[place] !== known) present.insertBefore(known, present.children[place]);
      settle(known, child);
    } else present.insertBefore(child, present.children[place] ?? null);
  });
}

function replace(present, fresh) {
  // What somebody is typing in is not taken from under their hands.
  const active = document.activeElement;
  if (present.contains(active) && active.matches("textarea, input:not([type=checkbox]), select") && active.value) return;
  const focused = present.contains(active) ? active.id : "";
  present.replaceWith(fresh);
  if (focused) document.getElementById(focused)?.focus();
}
