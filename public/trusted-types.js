// The page's one Trusted Types policy. Text becomes a script's address only when it points to this
// origin, and becomes markup only when it contains none: libraries set the text of style elements
// that way, and nothing in Espalier needs more.
if (globalThis.trustedTypes !== undefined) {
  globalThis.trustedTypes.createPolicy("default", {
    createHTML: (text) => (text.includes("<") ? null : text),
    createScriptURL: (url) =>
      new URL(url, document.baseURI).origin === location.origin ? url : null,
  });
}
