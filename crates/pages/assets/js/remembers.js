// A choice with data-remembers="name=value" stands in the page's own address, so that coming back shows the same.
document.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-remembers]");
  if (!chosen || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  const here = new URL(location.href);
  for (const [name, value] of new URLSearchParams(chosen.dataset.remembers)) here.searchParams.set(name, value);
  history.replaceState(history.state, "", here);
});
