// What somebody has before their eyes is read.
import { load } from "./fragment.js";

function read() {
  const form = document.querySelector("form[data-reads]");
  if (!form || document.visibilityState !== "visible") return;
  form.removeAttribute("data-reads");
  load(form.action, { method: "POST" }).then((done) => done && form.remove()).catch(() => {});
}

read();
document.addEventListener("visibilitychange", read);
document.addEventListener("patched", read);
