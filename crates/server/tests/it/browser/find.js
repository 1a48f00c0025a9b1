// Looks for what a person would point at. Arguments: how (css, text, label) and what. Answers the one element that is shown,
// or a sentence that says why there is none.
const [how, what] = arguments;
const plain = (text) => (text ?? "").replace(/\s+/g, " ").trim();
const shown = (element) => element.checkVisibility({ visibilityProperty: true });
const texts = (elements) => [...elements].map((element) => plain(element.innerText)).join(" ");
const referred = (element) =>
  (element.getAttribute("aria-labelledby") ?? "").split(" ").flatMap((id) => document.getElementById(id) ?? []);
const names = {
  text: (element) => [element.innerText, element.getAttribute("aria-label"), element.matches("input") && element.value],
  label: (element) => [texts(element.labels ?? []), element.getAttribute("aria-label"), texts(referred(element))],
};
const kinds = {
  css: what,
  text: "a, button, summary, option, input[type=submit], [role=button], [role=link], [role=tab], [role^=menuitem], [role=option]",
  label: "input, select, textarea, [contenteditable], [role=textbox], [role=combobox], [role=switch], [role=checkbox]",
};
const there = [...document.querySelectorAll(kinds[how])].filter(shown);
if (how === "css") return there[0] ?? "there is none that is shown";
const named = (fits) => there.filter((element) => names[how](element).some((name) => name && fits(plain(name))));
const exactly = named((name) => name === what);
const found = exactly.length ? exactly : named((name) => name.includes(what));
if (found.length === 1) return found[0];
const known = there.map((element) => names[how](element).map((name) => name && plain(name)).find(Boolean)).filter(Boolean);
return found.length ? `there are ${found.length} of them` : `there are only: ${known.join(" | ")}`;
