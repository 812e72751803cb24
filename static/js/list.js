/* What a list gains by a script; without it every tool is a form or a link all the same. */
"use strict";
(function () {
  const say = (words) => { document.getElementById("status").textContent = words; };

  /* "All that were found" stands for every row; a row put back stands for itself again. */
  function all(tick) {
    const form = tick.form;
    form.querySelectorAll("tbody .check input").forEach((row) => {
      row.checked = tick.checked;
      row.closest("tr").classList.toggle("is-selected", tick.checked);
    });
    const page = form.querySelectorAll("tbody .check input:checked").length;
    form.querySelector("[data-batch-count]").textContent = tick.checked ? tick.dataset.batchAll : page;
    form.querySelector("[data-batch-bar]").hidden = page === 0;
  }
  document.addEventListener("change", (event) => {
    const tick = event.target;
    if (tick.dataset.batchAll !== undefined) all(tick);
    else if (tick.closest(".check") && tick.form) {
      const every = tick.form.querySelector("[data-batch-all]");
      if (every) every.checked = false;
    }
  });

  /* Columns are carried to their place; the form sends them in the order they stand in. */
  let carried = null;
  const column = (node) => (node.nodeType === 1 ? node.closest("[data-column]") : null);
  function arm(root) {
    root.querySelectorAll("[data-columns] [data-column]").forEach((item) => {
      item.draggable = Boolean(item.querySelector("input:enabled"));
    });
  }
  document.addEventListener("dragstart", (event) => {
    carried = column(event.target);
    if (!carried) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    carried.classList.add("is-carried");
  });
  document.addEventListener("dragover", (event) => {
    const over = carried && column(event.target);
    if (!over || over.parentNode !== carried.parentNode || !over.draggable) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    over.parentNode.insertBefore(carried, event.clientY < box.top + box.height / 2 ? over : over.nextSibling);
  });
  document.addEventListener("dragend", () => {
    if (carried) carried.classList.remove("is-carried");
    carried = null;
  });

  /* The list as a table for a spreadsheet: cells for WPS, lines with tabs for everything else. */
  function copy(table, words) {
    const lines = Array.from(table.rows, (row) => Array.from(row.cells, (cell) => cell.textContent.trim()).join("\t"));
    const fill = (event) => {
      event.preventDefault();
      event.clipboardData.setData("text/html", table.outerHTML);
      event.clipboardData.setData("text/plain", lines.join("\n"));
      say(words);
    };
    document.addEventListener("copy", fill, { once: true });
    document.execCommand("copy");
    document.removeEventListener("copy", fill);
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-copy-table]");
    if (link) {
      event.preventDefault();
      fetch(link.href, { credentials: "same-origin" }).then((answer) => answer.text()).then((text) => {
        const table = new DOMParser().parseFromString(text, "text/html").querySelector("table");
        if (table) copy(table, link.dataset.copyTable);
      }).catch(() => { location.href = link.href; });
      return;
    }
    const edit = event.target.closest(".list-edit");
    if (edit && window.htmx && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      window.htmx.ajax("GET", edit.href, { target: "#sheet", source: edit });
    }
  });

  /* What is put right on a sheet brings the page anew: the row one was at, and the rows ticked, are found again. */
  const PLACE = "zhibu.list";
  const rows = () => Array.from(document.querySelectorAll("main [data-row]"));
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr, requestConfig } = event.detail;
    const all = rows();
    const at = all.findIndex((row) => row.dataset.edit === requestConfig.path);
    if (at < 0 || !xhr.getResponseHeader("HX-Refresh")) return;
    const ticked = Array.from(document.querySelectorAll("tbody .check input:checked"), (tick) => tick.value);
    const every = Boolean(document.querySelector("[data-batch-all]:checked"));
    const place = { page: location.href, row: all[at].dataset.row, at, ticked, every };
    sessionStorage.setItem(PLACE, JSON.stringify(place));
  });
  function back() {
    const place = JSON.parse(sessionStorage.getItem(PLACE) || "{}");
    sessionStorage.removeItem(PLACE);
    const all = rows();
    if (place.page !== location.href || !all.length) return;
    const set = (tick) => {
      tick.checked = true;
      tick.dispatchEvent(new Event("change", { bubbles: true }));
    };
    document.querySelectorAll("tbody .check input").forEach((tick) => {
      if (place.ticked.includes(tick.value)) set(tick);
    });
    document.querySelectorAll("[data-batch-all]").forEach((tick) => { if (place.every) set(tick); });
    // Whoever is on the list no more leaves the place to whoever follows.
    const row = all.find((one) => one.dataset.row === place.row) || all[Math.min(place.at, all.length - 1)];
    const link = row.querySelector("a");
    row.classList.add("is-current");
    if (link) link.focus();
  }

  arm(document);
  back();
  document.addEventListener("htmx:afterSettle", (event) => arm(event.detail.elt));
})();
