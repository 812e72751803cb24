/* The viewer of the description of /api/v1/. It tries nothing out: a page must not turn into a way to act. */
"use strict";
(function () {
  // Its sheet knows dark by a class of its own; whether the page is dark the page's own style says.
  const root = document.documentElement;
  const dress = () => {
    root.classList.remove("dark-mode");
    root.classList.toggle("dark-mode", getComputedStyle(root).colorScheme === "dark");
  };
  dress();
  new MutationObserver(dress).observe(root, { attributeFilter: ["data-theme"] });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dress);

  const box = document.getElementById("api-viewer");
  window.SwaggerUIBundle({
    url: box.dataset.schema,
    domNode: box,
    deepLinking: true,
    docExpansion: "none",
    defaultModelsExpandDepth: -1,
    supportedSubmitMethods: [],
    validatorUrl: null,
    syntaxHighlight: false,
  });
})();
