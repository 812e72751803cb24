/* Keys, asked in one place: none while an input method composes, none in a field, none with a modifier, none under a
   sheet, none when switched off. A page with keys of its own hears "zhibu:key" and claims a key by preventing it. */
"use strict";
(function () {
  const body = document.body;
  const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
  const WITHIN_MS = 1500;
  let going = 0;

  const click = (found) => { if (found) found.click(); return Boolean(found); };
  const offered = (key) => !document.dispatchEvent(new CustomEvent("zhibu:key", { detail: key, cancelable: true }));

  /* Rows of a list: the current one is where the focus is, on its first link, so that Enter opens it by itself. */
  const rows = () => Array.from(document.querySelectorAll("main [data-row]")).filter((row) => row.offsetParent);
  const here = () => document.activeElement.closest("[data-row]") || document.querySelector("[data-row].is-current");

  function move(step) {
    const all = rows();
    const from = all.indexOf(here());
    const to = all[Math.min(Math.max(from + step, 0), all.length - 1)];
    if (!to) return false;
    all.forEach((row) => row.classList.toggle("is-current", row === to));
    const link = to.querySelector("a");
    if (!link) to.tabIndex = -1;
    (link || to).focus();
    to.scrollIntoView({ block: "nearest" });
    return true;
  }

  function tick() {
    const row = here();
    return Boolean(row) && click(row.querySelector("input[type=checkbox]"));
  }

  function open() {
    const row = here();
    // A link or a button under the focus does by itself what Enter means to it.
    if (!row || document.activeElement.matches("a, button, summary, input")) return false;
    return click(row.querySelector("a"));
  }

  /* One fact of the row put right where it stands: the list says where that is asked. */
  function edit() {
    const row = here();
    if (!row || !row.dataset.edit) return false;
    htmx.ajax("GET", row.dataset.edit, { source: row, target: "#sheet", swap: "innerHTML" });
    return true;
  }

  function find() {
    const field = document.querySelector("main input[type=search]") || document.getElementById("search");
    if (!field || !field.offsetParent) return false;
    field.focus();
    field.select();
    return true;
  }

  function help() {
    const link = document.querySelector("[data-help]");
    if (link) htmx.ajax("GET", link.href, { target: body, swap: "beforeend" });
    return Boolean(link);
  }

  const KEYS = {
    "/": find,
    "?": help,
    j: () => move(1),
    k: () => move(-1),
    x: tick,
    e: edit,
    Enter: open,
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || body.dataset.shortcuts !== "on") return;
    if (document.querySelector("dialog[open]")) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      if (offered("command")) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
    if (event.repeat && event.key !== "j" && event.key !== "k") return;
    const went = going > 0 && event.timeStamp - going < WITHIN_MS;
    going = event.key === "g" && !went ? event.timeStamp : 0;
    if (went) {
      // A key after g is never also a key of the page: g r goes to the roster and sends nothing back.
      if (/^[a-z]$/.test(event.key) && click(document.querySelector(`[data-go="${event.key}"]`))) event.preventDefault();
      return;
    }
    if (going) return;
    const act = KEYS[event.key];
    if (offered(event.key) || (act && act())) event.preventDefault();
  });

  /* The sheet of keys names those that do something on this page. */
  document.addEventListener("htmx:afterSwap", () => {
    document.querySelectorAll("dialog.keys:not([open]) [data-when]").forEach((part) => {
      if (!document.querySelector(part.dataset.when)) part.remove();
    });
  });
})();
