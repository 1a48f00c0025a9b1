// A window that has done its work closes, where the browser lets it, and tells whoever opened it where to go on.
const done = document.querySelector("[data-closes]");
if (done) {
  new BroadcastChannel("causeway-connect").postMessage(done.dataset.closes);
  setTimeout(() => window.close(), 2500);
}
