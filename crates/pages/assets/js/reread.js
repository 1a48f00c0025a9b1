// What is shown is read again once it is old: data-reread names the address, data-fresh-for in how many seconds. Never
// while nobody looks, never faster than every five seconds, and ever slower while it fails.
import { ask } from "./loads.js";

const LEAST = 5000;
const MOST = 300000;
const plans = new WeakMap();

function plan(element, pause) {
  const fresh = { at: Date.now() + pause, pause, address: element.dataset.reread, busy: false };
  plans.set(element, fresh);
  return fresh;
}

function freshFor(element) {
  return Math.max(LEAST, Number(element.dataset.freshFor) * 1000);
}

async function reread(element, known) {
  known.busy = true;
  try {
    await ask(known.address);
    if (element.isConnected) plan(element, freshFor(element));
  } catch {
    plan(element, Math.min(MOST, Math.max(LEAST, known.pause) * 2));
  }
}

function look() {
  for (const element of document.querySelectorAll("[data-reread]")) {
    let known = plans.get(element);
    if (!known || known.address !== element.dataset.reread) known = plan(element, freshFor(element));
    if (!document.hidden && !known.busy && Date.now() >= known.at) reread(element, known);
  }
}

setInterval(look, 1000);
document.addEventListener("visibilitychange", look);
document.addEventListener("patched", look);
look();
