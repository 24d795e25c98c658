// counted says how many characters there is room for, whenever typing stops.
function counted(field, words) {
  const said = document.createElement("p"), lang = document.documentElement.lang, form = new Intl.PluralRules(lang);
  let timer = 0;
  const count = () => {
    const free = field.dataset.most - [...clean(field.value)].length;
    const n = String(Math.abs(free)).replace(/\B(?=(\d{3})+$)/g, lang === "fr" ? "\u202f" : "’"); // as i18n.Number
    const word = (free < 0 ? "over" : "left") + (form.select(Math.abs(free)) === "one" ? "One" : "");
    said.textContent = words[word].replace("{n}", n);
    said.classList.toggle("bad", free < 0);
  };
  count();
  said.className = "count";
  said.setAttribute("role", "status");
  field.after(said);
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(count, 1000);
  });
}

// ranked puts two buttons beside each rank of a ranking; the lists stay and carry the answer.
function ranked(box, words) {
  const list = (line) => line.querySelector("select"), title = (line) => line.querySelector("label").textContent.trim();
  const status = document.createElement("p");
  status.className = "hidden";
  status.setAttribute("role", "status");
  // moved gives the lines in their new order, null where this move is none.
  const moved = (line, up) => {
    const lines = [...box.querySelectorAll(".line.rank")].filter((l) => !l.hidden && list(l).value !== "");
    const order = lines.sort((a, b) => list(a).value - list(b).value), at = order.indexOf(line), to = up ? at - 1 : at + 1;
    if (at < 0) return up && order.length < list(line).options.length - 1 ? [...order, line] : null;
    if (to < 0) return null;
    order.splice(at, 1);
    if (to <= order.length) order.splice(to, 0, line); // below the last there is no rank
    return order;
  };
  const refresh = () => {
    for (const button of box.querySelectorAll(".move")) {
      button.setAttribute("aria-disabled", String(!moved(button.closest(".line"), button.value === "up")));
    }
  };
  const move = (line, up) => {
    const order = moved(line, up);
    if (!order) return;
    for (const l of box.querySelectorAll(".line.rank")) list(l).value = order.includes(l) ? order.indexOf(l) + 1 : "";
    list(line).dispatchEvent(new Event("change", { bubbles: true }));
    status.textContent = `${title(line)}: ${order.includes(line) ? list(line).selectedOptions[0].label : words.unranked}`;
  };
  for (const line of box.querySelectorAll(".line.rank")) {
    const moves = document.createElement("span");
    moves.className = "moves";
    for (const way of ["up", "down"]) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "move", value: way, textContent: way === "up" ? "▲" : "▼" });
      button.setAttribute("aria-label", `${title(line)}: ${words[way]}`);
      button.addEventListener("click", () => move(line, way === "up"));
      moves.append(button);
    }
    list(line).after(moves);
  }
  box.append(status);
  box.addEventListener("change", refresh);
  refresh();
}
