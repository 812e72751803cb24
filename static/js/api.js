/* The viewer of the description of /api/v1/. It tries nothing out: a page must not turn into a way to act. */
"use strict";
(function () {
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
