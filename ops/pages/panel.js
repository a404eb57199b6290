// The panel inside the Temporal Web UI (extension protocol, version 1): says hello to its host, is told the workflow
// that is shown, and leads to its case. It listens to its host alone, whose origin stands in the page.
"use strict";
(() => {
  const root = document.documentElement;
  const host = root.dataset.host;
  if (!host || window.parent === window) return;
  const extension = "recourse.case";
  let instance = "";

  const send = (type, more) => window.parent.postMessage({ type, version: 1, extensionId: extension, ...(instance && { instanceId: instance }), ...more }, host);
  const fit = () => { if (instance) send("temporal-extension/resize", { height: Math.ceil(document.body.scrollHeight) }); };

  // A case's workflow is called enquiry/<reference>; a reference has no other characters.
  const shown = document.querySelector('meta[name="recourse-case"]')?.content;
  const follow = (workflow) => {
    if (shown === undefined) return;
    const reference = /^[a-z-]+\/(R-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z])$/.exec(workflow?.workflowId ?? "")?.[1];
    if (reference && reference !== shown) location.replace("/ops/panel/cases/" + reference);
    if (!reference && shown) location.replace("/ops/panel");
    const other = document.getElementById("other");
    if (other) other.hidden = !workflow || Boolean(reference);
  };

  // The window in which somebody signed in; it is of this page's own origin.
  window.addEventListener("message", (event) => {
    if (event.origin !== location.origin || event.data?.type !== "recourse/signed-in") return;
    const form = document.getElementById("redeem");
    if (!form || !event.data.ticket) return location.reload();
    form.elements.ticket.value = event.data.ticket;
    form.submit();
  });

  window.addEventListener("message", (event) => {
    const message = event.data;
    if (event.origin !== host || event.source !== window.parent || message?.extensionId !== extension || message.version !== 1) return;
    if (message.type === "temporal-ui/welcome" && message.instanceId !== instance) {
      instance = message.instanceId;
      send("temporal-extension/ready");
      fit();
    }
    if (message.instanceId !== instance) return;
    if (message.type === "temporal-ui/theme") root.dataset.theme = message.theme === "dark" ? "dark" : "light";
    if (message.type === "temporal-ui/context") follow(message.context?.workflow);
  });
  new ResizeObserver(fit).observe(document.body);
  send("temporal-extension/hello");
})();
