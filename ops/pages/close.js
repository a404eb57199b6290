// The window in which somebody signed in tells the panel that opened it, and closes. Nobody but a page of this very
// origin is told.
"use strict";
(() => {
  if (!window.opener) return;
  const ticket = document.getElementById("signed-in").dataset.ticket;
  window.opener.postMessage({ type: "recourse/signed-in", ticket }, location.origin);
  window.close();
})();
