// An element with data-load is asked for as soon as the page stands, and says so when no answer comes.
import { patch } from "./patch.js";

const LIMIT = 60000;

/** Fetches a fragment and patches it in; fails unless the server answered with one. */
export async function ask(address) {
  const answer = await fetch(address, { headers: { "X-Fragment": "1" }, signal: AbortSignal.timeout(LIMIT) });
  if (!answer.ok || answer.redirected) throw new Error(`${address}: ${answer.status}`);
  patch(await answer.text());
}

function show(element, state) {
  for (const part of ["waiting", "failed"]) {
    const shown = element.querySelector(`[data-load-${part}]`);
    if (shown) shown.hidden = part !== state;
  }
}

// What was chosen before stands in the page's own address.
function chosen(address) {
  const [asked, connection] = [new URL(address, location.href), new URL(location.href).searchParams.get("connection")];
  if (connection) asked.searchParams.set("connection", connection);
  return asked.href;
}

async function load(element) {
  element.dataset.loading = "";
  show(element, "waiting");
  try {
    await ask(chosen(element.dataset.load));
  } catch {
    show(element, "failed");
    element.removeAttribute("aria-busy");
  }
}

function start() {
  for (const element of document.querySelectorAll("[data-load]:not([data-loading])")) load(element);
}

document.addEventListener("click", (event) => {
  const element = event.target.closest("[data-load-again]")?.closest("[data-load]");
  if (element) load(element);
});
document.addEventListener("patched", start);
start();
