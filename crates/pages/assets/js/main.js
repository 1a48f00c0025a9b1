// Loads every behaviour. Each attaches itself to elements by a data attribute; pages work without any of them.
import "./ago.js";
import "./announce.js";
import "./bottom.js";
import "./autosave.js";
import "./closing.js";
import "./copy.js";
import "./connect.js";
import "./dialog.js";
import "./drafts.js";
import "./earlier.js";
import "./fragment.js";
import "./live.js";
import "./loads.js";
import "./reads.js";
import "./remembers.js";
import "./reread.js";
import "./sends.js";
import "./sheet.js";
import "./shortcuts.js";
import "./steps.js";

for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
