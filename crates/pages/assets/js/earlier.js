// "Load earlier" puts what came before above what is there, and the eye stays where it was.
import { elements } from "./markup.js";

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-earlier]");
  if (!link || event.ctrlKey || event.metaKey || event.button !== 0) return;
  event.preventDefault();
  link.setAttribute("aria-busy", "true");
  let answer;
  try {
    answer = await fetch(link.href, { headers: { "X-Fragment": "1" } });
    if (!answer.ok || answer.redirected) throw new Error();
  } catch {
    return location.assign(link.href);
  }
  const fresh = elements(await answer.text());
  const list = document.getElementById("items");
  const scroller = list.closest("[data-bottom]");
  const height = scroller.scrollHeight;
  const older = [...fresh.getElementById("items").children];
  // A day that began earlier than what was shown has its line further up now.
  for (const child of older) document.getElementById(child.id)?.remove();
  list.prepend(...older);
  document.getElementById("earlier").replaceWith(fresh.getElementById("earlier"));
  scroller.scrollTop += scroller.scrollHeight - height;
  (document.querySelector("a[data-earlier]") ?? scroller).focus({ preventScroll: true });
});
