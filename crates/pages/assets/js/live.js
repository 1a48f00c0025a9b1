// Keeps what is shown true: one stream per browser, shared by its tabs, says what has changed; each element that shows
// it (data-live="topic", data-src="address of its fragment") is asked for again.
import { load } from "./fragment.js";
import { workerAddress } from "./markup.js";

// However much happens, nothing is asked for again sooner than this, in milliseconds.
const pause = 300;
const busy = new Map();

async function refresh(address) {
  if (busy.has(address)) return busy.set(address, "again");
  busy.set(address, "once");
  try {
    do {
      busy.set(address, "once");
      await load(address);
      await new Promise((done) => setTimeout(done, pause));
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

function listen(since) {
  if (window.SharedWorker) {
    const script = workerAddress(new URL("./live-worker.js", import.meta.url).href);
    const { port } = new SharedWorker(script, "causeway-live");
    port.onmessage = (event) => changed(event.data);
    port.postMessage({ since });
    addEventListener("pagehide", () => port.postMessage({}));
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    return;
  }
  const stream = new EventSource(`/live?since=${encodeURIComponent(since)}`);
  stream.onmessage = (event) => changed(event.data);
}

const page = document.querySelector("[data-mark]");
if (page && document.querySelector("[data-live]")) listen(page.dataset.mark);
