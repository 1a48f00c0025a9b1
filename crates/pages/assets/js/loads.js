// An element with data-load is asked for as soon as the page stands, and says so when no answer comes.
import { patch } from "./patch.js";

const LIMIT = 60000;

/** Fetches a fragment and patches it in; fails unless the server answered with one. */
export async function ask(address) {
  const answer = await fetch(address, { headers: { "X-Fragment": "1" }, signal: AbortSignal.timeout(LIMIT) });
  if (!answer.ok || answer.redirected) throw new Error(`${address}: ${answer.status}`);
  patch(await answer.text());
}

async function load(element) {
  const [waiting, failed] = ["waiting", "failed"].map((part) => element.querySelector(`[data-load-${part}]`));
  element.dataset.loading = "";
  waiting.hidden = false;
  failed.hidden = true;
  try {
    await ask(element.dataset.load);
  } catch {
    waiting.hidden = true;
    failed.hidden = false;
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
