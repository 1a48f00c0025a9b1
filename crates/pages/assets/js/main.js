// Loads every behaviour. Each attaches itself to elements by a data attribute; pages work without any of them.
import "./ago.js";
import "./closing.js";
import "./dialog.js";
import "./fragment.js";
import "./live.js";
import "./shortcuts.js";

for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
