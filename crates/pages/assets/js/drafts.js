// What somebody is writing (data-keeps) is still there when they come back to it: in this tab, until it is sent or they
// sign out.
const name = (form) => `draft ${new URL(form.action).pathname}`;

document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-keeps]")) return;
  if (target.value) sessionStorage.setItem(name(target.form), target.value);
  else sessionStorage.removeItem(name(target.form));
});

document.addEventListener("sent", ({ detail: form }) => sessionStorage.removeItem(name(form)));

document.addEventListener("submit", ({ target }) => {
  if (new URL(target.action).pathname === "/sign-out") sessionStorage.clear();
});

for (const field of document.querySelectorAll("[data-keeps]")) {
  field.value ||= sessionStorage.getItem(name(field.form)) ?? "";
}
