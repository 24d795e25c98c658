const plain = (s) => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// searchable puts a text field with suggestions before a long list, after the
// combobox pattern of the ARIA practices. The list itself stays in the form and
// carries the answer.
function searchable(select) {
  const id = select.id, input = document.createElement("input"), list = document.createElement("ul");
  const status = document.createElement("p"), box = document.createElement("div");
  let active = null;
  select.id = id + "-list";
  select.hidden = true;
  box.className = "combobox";
  status.className = "hidden";
  status.setAttribute("role", "status");
  Object.assign(input, { id, type: "text", autocomplete: "off", spellcheck: false, placeholder: select.options[0].label });
  Object.assign(list, { id: id + "-options", hidden: true });
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) {
    input.setAttribute(name, value);
  }
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  }
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", document.querySelector(`label[for="${id}"]`)?.textContent ?? "");
  box.append(input, list, status);
  select.before(box);

  const chosen = () => (select.value === "" ? "" : select.selectedOptions[0].label);
  const point = (item) => {
    active?.removeAttribute("aria-selected");
    active = item ?? null;
    active?.setAttribute("aria-selected", "true");
    active?.scrollIntoView({ block: "nearest" });
    if (active) input.setAttribute("aria-activedescendant", active.id);
    else input.removeAttribute("aria-activedescendant");
  };
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    point(null);
  };
  const open = (typed) => {
    const words = plain(typed).split(/\s+/);
    const fit = [...select.options].filter((o) => o.value !== "" && !o.disabled && words.every((w) => plain(o.label).includes(w)));
    list.replaceChildren(...fit.map((o) => {
      const item = document.createElement("li");
      Object.assign(item, { id: `${id}-option-${o.index}`, textContent: o.label });
      item.setAttribute("role", "option");
      item.dataset.value = o.value;
      return item;
    }));
    status.textContent = fit.length === 0 ? select.dataset.none : "";
    list.hidden = fit.length === 0;
    input.setAttribute("aria-expanded", String(fit.length > 0));
    point(null);
  };
  const choose = (value) => {
    if (select.value !== value) {
      select.value = value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
    input.value = chosen();
    close();
  };
  // settle takes what was typed for an answer only where it is one whole label.
  const settle = () => {
    const same = [...select.options].filter((o) => o.value !== "" && !o.disabled && plain(o.label) === plain(trim(input.value)));
    choose(trim(input.value) === "" ? "" : same.length === 1 ? same[0].value : select.value);
  };
  input.value = chosen();
  input.addEventListener("input", () => open(input.value));
  input.addEventListener("click", () => (list.hidden ? open("") : close()));
  input.addEventListener("blur", settle);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (item) choose(item.dataset.value);
  });
  input.addEventListener("keydown", (event) => {
    const items = [...list.children], at = items.indexOf(active);
    switch (event.key) {
      case "ArrowDown": case "ArrowUp":
        if (list.hidden) open("");
        point(list.children[event.key === "ArrowDown" ? (at + 1) % list.children.length : (at <= 0 ? list.children.length : at) - 1]);
        break;
      case "Enter":
        if (list.hidden) return; // sends the form as in any other field
        if (active) choose(active.dataset.value);
        else settle();
        break;
      case "Escape":
        choose(list.hidden && input.value === chosen() ? "" : select.value);
        break;
      default: return;
    }
    event.preventDefault();
  });
}
