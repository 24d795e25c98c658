// arrive puts the focus where a person goes on: back where they changed the language, or at what
// is wrong.
function arrive() {
  const back = take("focus");
  put("focus", null);
  const at = back ? document.getElementById(back.id) ?? document.querySelector(".langs [aria-current]") : document.querySelector("#clashes, #errors");
  if (!at) return;
  if (at.tabIndex < 0) at.tabIndex = -1;
  at.focus();
}

if (typeof document !== "undefined") {
  const form = document.querySelector("form[data-unsent]"), line = document.getElementById("saved");
  const left = form && restore(form, line.dataset);
  for (const ruled of document.querySelectorAll("form[data-rules]")) govern(ruled);
  for (const select of document.querySelectorAll("select[data-none]")) searchable(select);
  for (const field of document.querySelectorAll("[data-most]")) counted(field, line.dataset);
  for (const box of document.querySelectorAll(".kind-ranking")) ranked(box, line.dataset);
  if (form) keep(form, line, left);
  if (document.querySelector("main[data-state=done]")) forget();
  arrive();
}
