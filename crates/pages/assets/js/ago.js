// Keeps "5 minutes ago" true while a page stands. Counts on from what the server said; its clock is the one that counts.
const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });
const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const seen = new WeakMap();

function tick() {
  for (const mark of document.querySelectorAll("time[data-ago]")) {
    if (!seen.has(mark)) seen.set(mark, performance.now());
    const then = (Date.parse(mark.dataset.ago) - Date.parse(mark.dateTime)) / 1000;
    const seconds = Math.floor(then + (performance.now() - seen.get(mark)) / 1000);
    if (seconds < 10) continue;
    const [unit, length] = units.find(([, length]) => seconds >= length);
    const text = format.format(-Math.floor(seconds / length), unit);
    if (mark.textContent !== text) mark.textContent = text;
  }
}

tick();
setInterval(tick, 5000);
document.addEventListener("patched", tick);
