// j and k step through a list (data-steps) from the row that is open, which is in sight.
const links = () => [...document.querySelectorAll("[data-steps] a[href]")];

document.addEventListener("keydown", (event) => {
  if (!["j", "k"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, dialog") || document.querySelector("dialog[open]")) return;
  const all = links();
  const open = all.findIndex((link) => link.getAttribute("aria-current") || link === document.activeElement);
  const next = open < 0 ? 0 : open + (event.key === "j" ? 1 : -1);
  if (all[next]) {
    event.preventDefault();
    all[next].click();
  }
});

links().find((link) => link.getAttribute("aria-current"))?.scrollIntoView({ block: "nearest" });
