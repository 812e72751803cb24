/* The inbox by keyboard: j k move, x ticks, Enter opens, a grants, r sends back; keys.js says when a key counts.
   No decision but on what is shown. Without a script it is links and buttons. */
"use strict";
(function () {
  const box = document.querySelector("[data-inbox]");
  const wide = window.matchMedia("(min-width: 80em)");
  const items = () => Array.from(document.querySelectorAll(".inbox-item"));
  const current = () => document.querySelector(".inbox-item[aria-current]");

  function mark(item) {
    items().forEach((each) => {
      each.removeAttribute("aria-current");
      each.closest(".inbox-line").classList.toggle("is-current", each === item);
    });
    item.setAttribute("aria-current", "true");
  }

  function move(step) {
    const all = items();
    const from = all.indexOf(all.includes(document.activeElement) ? document.activeElement : current());
    const to = all[Math.min(Math.max(from + step, 0), all.length - 1)];
    if (!to) return;
    to.focus();
    if (wide.matches && to !== current()) to.click();
  }

  /* What is decided is what is shown: not while the next one is still on its way. */
  function shown() {
    const detail = document.getElementById("detail");
    if (!detail || detail.hasAttribute("aria-busy")) return null;
    const item = current();
    return !item || item.dataset.code === detail.dataset.code ? detail : null;
  }

  function decide(key) {
    const detail = shown();
    const button = detail && detail.querySelector(`[data-key="${key}"]`);
    if (!button || !button.offsetParent) return;
    if (key === "a") { button.click(); return; }
    button.closest("details").open = true;
    detail.querySelector(".refuse input[name=reason]").focus();
  }

  function tick() {
    const item = items().includes(document.activeElement) ? document.activeElement : current();
    const check = item && item.closest(".inbox-line").querySelector(".tick");
    if (check) check.checked = !check.checked;
  }

  const KEYS = { j: () => move(1), k: () => move(-1), x: tick, a: () => decide("a"), r: () => decide("r") };
  document.addEventListener("zhibu:key", (event) => {
    if (!KEYS[event.detail]) return;
    event.preventDefault();
    KEYS[event.detail]();
  });

  if (!box) return;
  /* Beside the list there is room to show a request without leaving it; elsewhere a link is a link. */
  document.addEventListener("htmx:confirm", (event) => {
    if (event.target.classList.contains("inbox-item") && !wide.matches) {
      event.preventDefault();
      location.assign(event.target.href);
    }
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.classList.contains("inbox-item")) mark(event.target);
  });
  /* Shown without leaving the list, an address is kept all the same: for a reload, and for a colleague. */
  document.addEventListener("htmx:afterSettle", (event) => {
    const item = current();
    if (item && event.detail.target && event.detail.target.id === "detail") history.replaceState(null, "", item.href);
  });
  if (location.hash.startsWith("#item-") && current()) current().focus();
})();
