// Keeps what is shown true: one stream per browser, shared by its tabs, says what has changed; each element that shows
// it (data-live="topic", data-src="address of its fragment") is asked for again.
import { load } from "./fragment.js";
import { workerAddress } from "./markup.js";

const busy = new Map();

async function refresh(address) {
  if (busy.has(address)) return busy.set(address, "again");
  busy.set(address, "once");
  try {
    do {
      busy.set(address, "once");
      await load(address);
    } while (busy.get(address) === "again");
  } catch {
    // The stream says when the server is back; then everything is asked for again.
  } finally {
    busy.delete(address);
  }
}

function changed(topic) {
  const shown = [...document.querySelectorAll("[data-live][data-src]")];
  const wanted = shown.filter((element) => topic === "*" || element.dataset.live.split(" ").includes(topic));
  for (const address of new Set(wanted.map((element) => element.dataset.src))) refresh(address);
}

function listen() {
  const script = workerAddress(new URL("./live-worker.js", import.meta.url).href);
  if (window.SharedWorker) {
    const { port } = new SharedWorker(script, "causeway-live");
    port.onmessage = (event) => changed(event.data);
    addEventListener("pagehide", () => port.postMessage("bye"));
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    return;
  }
  const stream = new EventSource("/live");
  stream.onmessage = (event) => changed(event.data);
}

if (document.querySelector("[data-live]")) listen();
