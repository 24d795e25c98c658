// govern keeps a form true to its rules from now on.
function govern(form) {
  const rules = JSON.parse(form.dataset.rules);
  const fields = (name) => [...form.elements].filter((x) => x.name === name);
  const values = (name) => fields(name)
    .filter((x) => (x.type !== "radio" && x.type !== "checkbox") || x.checked).map((x) => x.value);
  const show = (element, shown) => { if (element) element.hidden = !shown; };
  const update = () => {
    const hidden = route(rules, values);
    for (const q of rules.questions) {
      if (q.if !== undefined || q.rows || q.options) show(document.getElementById("q-" + q.code), !hidden.has(q.code));
      for (const { code } of q.rows ?? []) {
        show(fields(q.code + "." + code)[0]?.closest(".row, .line"), !hidden.has(q.code + "." + code));
      }
      for (const { code } of q.options ?? []) option(form, q, code, !hidden.has(q.code + ":" + code), show);
    }
  };
  for (const words of form.querySelectorAll(".if")) words.remove();
  for (const o of form.querySelectorAll("option[data-label]")) o.textContent = o.dataset.label;
  form.addEventListener("input", update);
  form.addEventListener("change", update);
  addEventListener("pageshow", update); // the browser may bring back what was typed
  update();
}

// option shows or hides one option, wherever the question shows it.
function option(form, q, code, shown, show) {
  if (q.kind === "ranking") return show(form.elements[q.code + "." + code]?.closest(".line"), shown);
  for (const x of form.elements) {
    if (x.name !== q.code && !x.name.startsWith(q.code + ".")) continue;
    if (x.type === "radio" || x.type === "checkbox") {
      if (x.value === code) show(x.closest(".choice"), shown);
      continue;
    }
    for (const o of x.options ?? []) {
      if (o.value === code) o.hidden = o.disabled = !shown;
    }
  }
  for (const x of document.querySelectorAll(`#q-${q.code} [data-option="${code}"]`)) show(x, shown);
}
