/* The overlay of Ctrl K, and the arrow keys in whatever was found: a real focus walks the links, Enter opens one.
   The page of the search works in the same way; without a script it is a form with links below. */
"use strict";
(function () {
  const found = (form) => document.querySelector(form.dataset.finder);
  const links = (form) => Array.from(found(form).querySelectorAll(".found a"));
  const field = (form) => form.querySelector("input[type=search]");
  const formAt = (node) => Array.from(document.querySelectorAll("form[data-finder]"))
    .find((form) => form.contains(node) || found(form).contains(node));

  function walk(form, step) {
    const stops = [field(form), ...links(form)];
    const to = stops[Math.min(Math.max(stops.indexOf(document.activeElement) + step, 0), stops.length - 1)];
    to.focus();
    to.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    const form = formAt(event.target);
    if (!form) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      walk(form, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.target.closest(".found") && event.key.length === 1 && event.key !== " ") {
      // Whoever goes on typing goes on asking: the letter lands in the field.
      field(form).focus();
    }
  });

  const palette = document.getElementById("palette");
  if (!palette) return;
  const form = palette.querySelector("form");
  const words = () => field(form).value.trim();
  let asked = "", shown = "", waiting = false, before = null;

  const open = () => { const [first] = links(form); if (first) first.click(); };

  /* Enter opens the first hit: now, or once the answer to these very words has come. Nothing found, it stays. */
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    waiting = Boolean(words()) && shown !== words();
    if (words() && !waiting) open();
  });
  form.addEventListener("input", () => { waiting = false; });
  form.addEventListener("htmx:beforeRequest", () => { asked = words(); });
  found(form).addEventListener("htmx:afterSettle", () => {
    shown = asked;
    if (waiting && shown === words()) open();
  });

  document.addEventListener("zhibu:key", (event) => {
    if (event.detail !== "command") return;
    event.preventDefault();
    before = document.activeElement;
    palette.showModal();
    field(form).focus();
  });
  /* In a search field Escape would first empty the field. */
  palette.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    palette.close();
  });
  palette.addEventListener("click", (event) => { if (event.target === palette) palette.close(); });
  /* Whoever was named is not left standing on a screen that others pass by. */
  palette.addEventListener("close", () => {
    field(form).value = "";
    found(form).textContent = "";
    asked = shown = "";
    waiting = false;
    if (before) before.focus();
  });
})();
