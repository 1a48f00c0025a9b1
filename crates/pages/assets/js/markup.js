// The one place where text from the server becomes elements. The policy's name stands in the content policy.
const policy = window.trustedTypes?.createPolicy("causeway", { createHTML: (text) => text, createScriptURL: (url) => url });

/** Elements of a fragment that our own server rendered (it escapes what people wrote). */
export function elements(text) {
  const template = document.createElement("template");
  template.innerHTML = policy ? policy.createHTML(text) : text;
  return template.content;
}

/** The address of a worker, as the browser wants it under trusted types. */
export function workerAddress(url) {
  return policy ? policy.createScriptURL(url) : url;
}
