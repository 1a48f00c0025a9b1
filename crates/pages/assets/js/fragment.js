// Forms and links with data-fragment ask for a fragment instead of a page and put it where it belongs.
import { patch } from "./patch.js";

const headers = { "X-Fragment": "1" };

/** Fetches a fragment and patches it in. Answers whether that went well. */
export async function load(address, options = {}) {
  const answer = await fetch(address, { ...options, headers: { ...headers, ...options.headers } });
  if (answer.redirected || answer.status === 401) {
    location.assign(answer.status === 401 ? location.href : answer.url);
    return false;
  }
  // A form that was refused comes back with what is wrong; any other trouble is a page of its own, not a fragment.
  if (!answer.ok && answer.status !== 422) throw new Error(`${answer.status}`);
  patch(await answer.text());
  return answer.ok;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-fragment]")) return;
  event.preventDefault();
  const data = new URLSearchParams(new FormData(form, event.submitter));
  form.setAttribute("aria-busy", "true");
  try {
    const get = form.method === "get";
    const done = get ? await load(`${form.action}?${data}`) : await load(form.action, { method: "POST", body: data });
    if (done && "clears" in form.dataset) {
      form.reset();
      document.dispatchEvent(new CustomEvent("sent", { detail: form }));
    }
    if (get) history.replaceState(null, "", `${form.action}?${data}`);
  } catch {
    // No answer: the form goes the ordinary way, and the browser says what is wrong.
    form.removeAttribute("data-fragment");
    form.requestSubmit(event.submitter);
  } finally {
    form.removeAttribute("aria-busy");
  }
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-fragment]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  link.setAttribute("aria-busy", "true");
  try {
    await load(link.href);
  } catch {
    location.assign(link.href);
  } finally {
    link.removeAttribute("aria-busy");
  }
});
