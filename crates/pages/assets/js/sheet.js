// A link with data-sheet opens what it leads to in a sheet over the page. Without this it is a link to a page.
import { elements } from "./markup.js";

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-sheet]");
  const sheet = document.getElementById("sheet");
  if (!link || !sheet || event.ctrlKey || event.metaKey || event.button !== 0) return;
  event.preventDefault();
  try {
    const answer = await fetch(link.href, { headers: { "X-Fragment": "1" } });
    if (!answer.ok || answer.redirected) throw new Error();
    document.getElementById("sheet-content").replaceChildren(elements(await answer.text()));
    sheet.showModal();
  } catch {
    location.assign(link.href);
  }
});

document.getElementById("sheet")?.addEventListener("click", (event) => {
  if (event.target === event.currentTarget) event.currentTarget.close();
});
