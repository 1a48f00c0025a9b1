// Keeps "5 minutes ago" true while a page stands.
const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });
const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

function tick() {
  for (const mark of document.querySelectorAll("time[data-ago]")) {
    const seconds = Math.floor((Date.now() - Date.parse(mark.dateTime)) / 1000);
    if (seconds < 10) continue;
    const [unit, length] = units.find(([, length]) => seconds >= length);
    const text = format.format(-Math.floor(seconds / length), unit);
    if (mark.textContent !== text) mark.textContent = text;
  }
}

setInterval(tick, 10000);
