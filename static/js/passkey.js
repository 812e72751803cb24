/* Signing in and proving oneself by passkey: shows its buttons where the browser can, and says when it went wrong. */
"use strict";
(function () {
  document.querySelectorAll("[data-passkey]").forEach((part) => { part.hidden = !window.PublicKeyCredential; });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const trouble = document.querySelector("[data-passkey-trouble]");
    if (!trouble) return;
    trouble.hidden = false;
    trouble.focus();
  });
})();
