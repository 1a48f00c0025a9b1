// j and k step through a list (data-steps) from the row that is open.
document.addEventListener("keydown", (event) => {
  if (!["j", "k"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, dialog")) return;
  const links = [...document.querySelectorAll("[data-steps] a[href]")];
  if (links.length === 0) return;
  const open = links.findIndex((link) => link.getAttribute("aria-current") || link === document.activeElement);
  const next = open < 0 ? 0 : open + (event.key === "j" ? 1 : -1);
  if (links[next]) {
    event.preventDefault();
    links[next].click();
  }
});
