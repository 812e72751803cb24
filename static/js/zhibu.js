/* What a page gains by a script; without it every page works all the same.
   No framework, nothing stored in the browser, nothing evaluated. */
"use strict";
(function () {
  document.documentElement.classList.add("js");

  const body = document.body;
  /* Under a sheet the page is out of reach, its live region as well: the sheet has one of its own. */
  const say = (words) => {
    (document.querySelector("dialog[open] [role=status]") || document.getElementById("status")).textContent = words;
  };

  /* Toasts go by themselves, but not from under the pointer or the keyboard. */
  function start(toast) {
    const seconds = Number(body.dataset.toastSeconds);
    let timer;
    const hold = () => clearTimeout(timer);
    const run = () => { hold(); timer = setTimeout(() => toast.remove(), seconds * 1000); };
    toast.addEventListener("mouseenter", hold);
    toast.addEventListener("focusin", hold);
    toast.addEventListener("mouseleave", run);
    toast.addEventListener("focusout", run);
    toast.querySelector(".close").addEventListener("click", () => toast.remove());
    // What must be read stays until it is put away.
    if (!toast.classList.contains("toast-fix")) run();
  }

  /* Rows that are ticked: colour, count, all of this page. */
  function count(form) {
    const bar = form.querySelector("[data-batch-bar]");
    if (!bar) return;
    const ticks = Array.from(form.querySelectorAll("tbody .check input"));
    const ticked = ticks.filter((tick) => tick.checked);
    ticks.forEach((tick) => tick.closest("tr").classList.toggle("is-selected", tick.checked));
    bar.querySelector("[data-batch-count]").textContent = ticked.length;
    bar.hidden = ticked.length === 0;
    const all = form.querySelector("thead .check input");
    if (all) {
      all.checked = ticks.length > 0 && ticked.length === ticks.length;
      all.indeterminate = ticked.length > 0 && ticked.length < ticks.length;
    }
  }

  /* What scrolls sideways and holds nothing to stop at can be reached, and moved, by keyboard. */
  function reach() {
    document.querySelectorAll(".ledger-frame, .table-scroll, .chart").forEach((frame) => {
      const needed = frame.scrollWidth > frame.clientWidth && !frame.querySelector("a, button, input, select, summary");
      if (!needed) { frame.removeAttribute("tabindex"); return; }
      const caption = frame.querySelector("caption");
      frame.tabIndex = 0;
      if (frame.hasAttribute("role")) return;
      frame.setAttribute("role", "group");
      if (caption) frame.setAttribute("aria-label", caption.textContent.trim());
    });
  }
  window.addEventListener("resize", reach);

  /* A sheet that has come is opened over the page; put away, it is gone, and focus is where it was. */
  function open(sheet) {
    sheet.showModal();
    sheet.addEventListener("close", () => sheet.remove());
    sheet.addEventListener("click", (event) => {
      if (event.target === sheet || event.target.closest("[data-close]")) sheet.close();
    });
  }

  function wake(root) {
    reach();
    document.querySelectorAll("dialog[data-sheet]:not([open])").forEach(open);
    root.querySelectorAll(".toast").forEach(start);
    root.querySelectorAll("[data-batch-bar]").forEach((bar) => count(bar.closest("form")));
  }

  document.addEventListener("change", (event) => {
    const tick = event.target.closest(".check input");
    if (!tick || !tick.form) return;
    if (tick.closest("thead")) {
      tick.form.querySelectorAll("tbody .check input").forEach((row) => { row.checked = tick.checked; });
    }
    count(tick.form);
  });
  document.addEventListener("reset", (event) => setTimeout(() => count(event.target)));

  /* Choices of display hold at once: the answer is a whole page, whose <html> says how this one is to look now. */
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt;
    if (form.dataset.mirror === undefined || !event.detail.successful) return;
    const html = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    if (html.documentElement.lang !== document.documentElement.lang) { location.reload(); return; }
    Object.assign(document.documentElement.dataset, html.documentElement.dataset);
    Object.assign(body.dataset, html.body.dataset);
    say(form.dataset.mirror);
  });

  /* A second press of the same button does nothing. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 3000);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
  });

  /* Lists that open under their name close again. */
  const close = (except) => document.querySelectorAll("details.drop[open]").forEach((drop) => {
    if (drop !== except) drop.open = false;
  });
  document.addEventListener("click", (event) => close(event.target.closest("details.drop")));

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || event.keyCode === 229) return;
    const drop = document.querySelector("details.drop[open]");
    if (drop) { close(); drop.querySelector("summary").focus(); }
  });

  /* htmx: the target says that it is busy, focus comes back to where it was, a lost connection is told. */
  let held = null;
  document.addEventListener("htmx:beforeRequest", (event) => event.detail.target.setAttribute("aria-busy", "true"));
  document.addEventListener("htmx:afterRequest", (event) => event.detail.target.removeAttribute("aria-busy"));
  /* A form that stays on the page once it is answered asks anew the next time. */
  document.addEventListener("htmx:afterRequest", (event) => {
    const key = event.target.querySelector('input[name="_once"]');
    if (!key) return;
    const drawn = crypto.getRandomValues(new Uint8Array(32));
    key.value = Array.from(drawn, (byte) => byte.toString(16).padStart(2, "0")).join("");
  });
  document.addEventListener("htmx:beforeSwap", () => {
    const active = document.activeElement;
    held = active && active.id ? { id: active.id, from: active.selectionStart, to: active.selectionEnd } : null;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    wake(event.detail.elt);
    const words = event.detail.elt.querySelector("[data-announce]");
    if (words) say(words.textContent);
    const summary = event.detail.elt.querySelector("[autofocus]");
    if (summary) { summary.focus(); return; }
    const again = held && document.activeElement === body && document.getElementById(held.id);
    if (!again) return;
    again.focus({ preventScroll: true });
    if (held.from != null && again.setSelectionRange) {
      try { again.setSelectionRange(held.from, held.to); } catch (_) { /* dates and numbers have no selection */ }
    }
  });
  const lost = () => say(body.dataset.lost);
  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:responseError", lost);

  wake(document);
})();
