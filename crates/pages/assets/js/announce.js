// A message that comes while its conversation is open is said to whoever listens to the page instead of looking at it.
const items = () => document.querySelectorAll("#items .bubble[data-side=theirs]");
const last = () => [...items()].at(-1)?.parentElement.id;
let known = last();

document.addEventListener("patched", () => {
  const now = last();
  if (now === known) return;
  known = now;
  document.getElementById("announcer").textContent = [...items()].at(-1).innerText;
});
