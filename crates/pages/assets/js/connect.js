// A form with data-connect opens the CRM's own page in a tab that a script opened, so that it may close itself. Where
// the browser forbids it, the form goes its ordinary way, to a page with a link.
import { patch } from "./patch.js";

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-connect]")) return;
  const tab = window.open("", "_blank");
  if (!tab) return;
  event.preventDefault();
  tab.opener = null;
  document.activeElement?.blur();
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, { method: "POST", headers: { "X-Fragment": "1" }, body });
    if (answer.redirected || answer.status === 401) {
      tab.close();
      return location.reload();
    }
    patch(await answer.text());
    const link = document.querySelector("a[data-connect-link]");
    if (!answer.ok || !link) return tab.close();
    tab.location.replace(link.href);
    // Its ticket is used up: whoever needs another begins again.
    link.remove();
  } catch {
    tab.close();
    form.removeAttribute("data-connect");
    form.requestSubmit();
  }
});

// The window that was opened has done its work: on to what it connected.
new BroadcastChannel("causeway-connect").onmessage = ({ data }) => {
  const waits = document.querySelector("[data-connecting]");
  if (waits && typeof data === "string" && data.startsWith("/integrations/")) location.assign(data);
};
