// A window that has done its work closes, where the browser lets it, and tells whoever opened it.
if (document.querySelector("[data-closes]")) {
  new BroadcastChannel("causeway-connect").postMessage("done");
  setTimeout(() => window.close(), 2500);
}
