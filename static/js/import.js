/* Files for the import: dropped anywhere on the box, pasted anywhere on the page, or chosen. Without a script the
   box is a plain choice of several files. */
"use strict";
(function () {
  document.querySelectorAll("[data-dropzone]").forEach((zone) => {
    const box = zone.querySelector("input[type=file]");
    const list = zone.querySelector("[data-chosen]");

    const show = () => {
      list.textContent = "";
      Array.from(box.files).forEach((file) => {
        const item = document.createElement("li");
        item.textContent = file.name;
        list.append(item);
      });
    };
    /* What comes in is added to what is there; a file of the same name takes its place. */
    const add = (files) => {
      const kept = new DataTransfer();
      const names = new Set(Array.from(files, (file) => file.name));
      Array.from(box.files).filter((file) => !names.has(file.name)).forEach((file) => kept.items.add(file));
      Array.from(files).forEach((file) => kept.items.add(file));
      box.files = kept.files;
      show();
    };
    const carries = (data) => data && Array.from(data.types).includes("Files");

    box.addEventListener("change", show);
    zone.addEventListener("dragover", (event) => {
      if (!carries(event.dataTransfer)) return;
      event.preventDefault();
      zone.classList.add("is-over");
    });
    zone.addEventListener("dragleave", () => zone.classList.remove("is-over"));
    zone.addEventListener("drop", (event) => {
      zone.classList.remove("is-over");
      if (!carries(event.dataTransfer)) return;
      event.preventDefault();
      add(event.dataTransfer.files);
    });
    document.addEventListener("paste", (event) => {
      if (!event.clipboardData || event.clipboardData.files.length === 0) return;
      event.preventDefault();
      add(event.clipboardData.files);
      box.focus();
    });
  });
})();
