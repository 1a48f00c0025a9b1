// A form with data-autosave is kept as a draft while one changes it. What the answer brings is put in its place, unless
// something was changed since: then the next answer is the true one.
import { patch } from "./patch.js";

const pause = 350;
let changes = 0;
let timer = 0;

function request(form, extra) {
  const body = new URLSearchParams(new FormData(form));
  return fetch(form.dataset.autosave, { method: "POST", headers: { "X-Fragment": "1" }, body, ...extra });
}

function failed(form, is) {
  for (const element of form.querySelectorAll("[data-autosave-failed]")) element.hidden = !is;
}

async function keep(form) {
  const seen = changes;
  timer = 0;
  try {
    const answer = await request(form);
    if (answer.redirected || answer.status === 401) return location.reload();
    if (!answer.ok) return failed(form, true);
    failed(form, false);
    const text = await answer.text();
    if (seen === changes) patch(text);
  } catch {
    failed(form, true);
  }
}

function changed(event) {
  const form = event.target.form;
  if (!form?.matches("[data-autosave]")) return;
  changes += 1;
  clearTimeout(timer);
  timer = setTimeout(keep, pause, form);
}

document.addEventListener("input", changed);
document.addEventListener("change", changed);

// Whoever leaves within the pause loses nothing.
addEventListener("pagehide", () => {
  const form = document.querySelector("form[data-autosave]");
  if (timer && form) request(form, { keepalive: true });
});

document.addEventListener("submit", () => {
  clearTimeout(timer);
  timer = 0;
});
