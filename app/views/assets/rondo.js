// Helps while somebody answers a page: shows and hides questions, rows and
// options, saves while somebody types, keeps what could not be sent, counts
// characters, ranks by buttons and makes long lists searchable. Without this file
// every page works all the same: it says "only if …" in words, and the server decides.
//
// The form of the conditions is described in questionnaires/client.go. Answers
// are as the server keeps them: {c: [codes]}, {n: number}, {t: text} or
// {m: reason}; a variable without an answer is not there.

const MISSING = ["90", "94", "98"];

// holds says whether a condition holds for answers. Computed are the formulas
// of calculated variables, gone the variables that are not asked.
export function holds(condition, answers, computed = {}, gone = new Set()) {
  if (typeof condition === "boolean") return condition;
  const again = (c) => holds(c, answers, computed, gone);
  const [op, x, y] = condition;
  const given = op === "and" || op === "or" || op === "not" ? null : answers[x];
  switch (op) {
    case "not": return !again(x);
    case "and": return condition.slice(1).every(again);
    case "or": return condition.slice(1).some(again);
    case "answered": return x in computed ? calculate(x, answers, computed, gone) !== null : given !== undefined;
    case "ticked": return Boolean(given?.c?.includes(y));
    case "is": return given?.c?.length === 1 && given.c[0] === y;
    case "isnt": return given?.c?.length === 1 && given.c[0] !== y;
  }
  const left = number(x, answers, computed, gone), right = number(y, answers, computed, gone);
  if (left === null || right === null) return false;
  switch (op) {
    case "==": return left === right;
    case "!=": return left !== right;
    case "<": return left < right;
    case "<=": return left <= right;
    case ">": return left > right;
  }
  return left >= right;
}

// number gives the value of a formula, null where it has none.
function number(formula, answers, computed, gone) {
  if (!Array.isArray(formula)) return formula;
  const value = (f) => number(f, answers, computed, gone);
  const [op, x, y, z] = formula;
  switch (op) {
    case "var": return x in computed ? calculate(x, answers, computed, gone) : worth(answers[x]);
    case "if": return value(holds(x, answers, computed, gone) ? y : z);
    case "round": return rounded(value(x), y);
    case "sum": case "mean": case "min": case "max": case "count":
      return summary(op, x, formula.slice(2).map(value));
  }
  const a = value(x), b = value(y);
  if (a === null || b === null) return null;
  return finite(op === "+" ? a + b : op === "-" ? a - b : op === "*" ? a * b : a / b);
}

// worth is the number an answer stands for: typed, a rank, or a code that is one.
function worth(answer) {
  if (answer?.n !== undefined) return answer.n;
  if (answer?.c?.length === 1 && /^[+-]?[0-9]{1,15}$/.test(answer.c[0])) return Number(answer.c[0]) + 0;
  return null;
}

const finite = (x) => (Number.isFinite(x) ? x : null);

function summary(name, need, inputs) {
  const valid = inputs.filter((x) => x !== null);
  if (name === "count") return valid.length;
  if (valid.length < need) return null;
  if (name === "min") return Math.min(...valid);
  if (name === "max") return Math.max(...valid);
  const sum = valid.reduce((total, x) => total + x, 0);
  return finite(name === "sum" ? sum : sum / valid.length);
}

// rounded rounds half away from zero, as the server does.
function rounded(x, digits) {
  if (x === null || Math.abs(x) > 1e15) return x;
  const tens = [1, 10, 100, 1e3, 1e4, 1e5, 1e6][digits], y = Math.abs(x * tens), low = Math.floor(y);
  return (Math.sign(x) * (y - low >= 0.5 ? low + 1 : low)) / tens + 0;
}

function calculate(code, answers, computed, gone) {
  const { value, decimals, inputs } = computed[code];
  if (inputs?.every((x) => gone.has(x))) return null;
  return rounded(number(value, answers, computed, gone), decimals);
}

// route decides for the questions of a page which of them, and of their rows
// and options, are hidden: a set of "question", "question.row" and
// "question:option". Values gives what a form field holds, as a list.
export function route({ questions, calculated = {} }, values) {
  const answers = {}, gone = new Set(), hidden = new Set();
  for (const q of questions) {
    const open = (part) => part.if === undefined || holds(part.if, answers, calculated, gone);
    const closed = (parts, mark) => {
      const off = (parts ?? []).filter((part) => !open(part));
      for (const part of off) hidden.add(q.code + mark + part.code);
      return parts !== undefined && off.length === parts.length;
    };
    const noRow = closed(q.rows, "."), noOption = closed(q.options, ":");
    if (!open(q) || noRow || noOption) hidden.add(q.code);
    const offered = (code) => !hidden.has(q.code + ":" + code);
    const found = q.read && !hidden.has(q.code) ? read(q, values, offered) : {};
    for (const part of q.read ?? []) {
      const name = part === "" ? q.code : q.code + "__" + part;
      const off = hidden.has(q.code) || hidden.has(q.code + "." + part) || (q.kind === "ranking" && !offered(part));
      if (off) gone.add(name);
      else if (found[name] !== undefined) answers[name] = found[name];
    }
  }
  return hidden;
}

// read gives the answers to a question as the server would read them.
function read(q, values, offered) {
  const found = {};
  if (q.kind === "ranking") return ranks(q, values, offered);
  for (const part of q.read) {
    const field = part === "" ? q.code : q.code + "." + part;
    found[part === "" ? q.code : q.code + "__" + part] = answer(q, field, values, offered);
  }
  return found;
}

function answer(q, field, values, offered) {
  const typed = values(field)[0] ?? "";
  switch (q.kind) {
    case "single": case "yesno": case "matrix":
      return choice(typed === "" && q.other && clean(values(field + "_other")[0]) ? q.other : typed, offered);
    case "multi": return ticks(q, values, offered);
    case "integer": case "decimal": case "numbers": return amount(q, typed);
    case "date": return day(q, values);
  }
  const text = clean(typed), length = [...text].length;
  return length > 0 && length <= q.length ? { t: text } : undefined;
}

function choice(code, offered) {
  if (code === "" || !offered(code)) return undefined;
  return MISSING.includes(code) ? { m: Number(code) } : { c: [code] };
}

function ticks(q, values, offered) {
  let codes = values(q.code).filter((code) => code !== "");
  if (codes.length === 0 && q.other && clean(values(q.code + "_other")[0])) codes = [q.other];
  codes = codes.filter(offered);
  if (codes.length === 0 || (codes.length > 1 && codes.some((code) => q.exclusive?.includes(code)))) return undefined;
  return MISSING.includes(codes[0]) ? { m: Number(codes[0]) } : { c: codes };
}

function ranks(q, values, offered) {
  const found = {}, seen = new Set();
  let highest = 0;
  for (const code of q.read) {
    const typed = values(q.code + "." + code)[0] ?? "";
    if (typed === "" || !offered(code)) continue;
    const rank = Number(typed);
    if (rank > q.top || seen.has(rank)) return {};
    seen.add(rank);
    highest = Math.max(highest, rank);
    found[q.code + "__" + code] = { n: rank };
  }
  return highest === seen.size ? found : {};
}

const SPACES = "[\\t\\n\\v\\f\\r \\u0085\\u1680\\u00a0\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const trim = (s) => s.replace(new RegExp("^" + SPACES), "").replace(new RegExp(SPACES + "$"), "");

function clean(s = "") {
  return trim(s.replace(/\r\n?/g, "\n").replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "").normalize("NFC"));
}

// amount reads a number as people in Switzerland type it: 1'000, 1 000, 1,5.
function amount(q, typed) {
  const s = trim(typed).replaceAll("−", "-");
  if (!/^[+-]?(\d{1,15}|\d{1,3}(['’ \u00a0\u202f\u2009]\d{3}){1,4})([.,]\d{1,12})?$/.test(s)) return undefined;
  if (/^[+-]?[1-9]\d{0,2}[.,]\d{3}$/.test(s)) return undefined; // a thousand to some, one to others
  const n = Number(s.replace(/['’ \u00a0\u202f\u2009+]/g, "").replace(",", ".")) + 0;
  const [digits, power = 0] = String(n).split("e"), places = Math.max(0, (digits.split(".")[1] ?? "").length - power);
  if (places > (q.kind === "decimal" ? q.decimals ?? 0 : 0) || n < q.min || n > q.max) return undefined;
  return { n };
}

function day(q, values) {
  const [d, m, y] = ["day", "month", "year"].map((part) => trim(values(q.code + "." + part)[0] ?? ""));
  if (![d, m, y].every((s) => /^\d+$/.test(s))) return undefined;
  const date = new Date(Date.UTC(Number(y), Number(m) - 1, Number(d)));
  if (Number(y) < 1900 || Number(y) > 2199 || date.getUTCMonth() !== Number(m) - 1 || date.getUTCDate() !== Number(d)) return undefined;
  const iso = date.toISOString().slice(0, 10);
  return q.latest && iso > q.latest ? undefined : { t: iso };
}

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

// What the page keeps rests in the storage of this tab alone, which ends with it: others may use
// the device. The names in it tell nothing. A browser that forbids it still saves.
const MARK = "rondo-";
const storage = (act) => { try { return act(sessionStorage); } catch { return null; } };
const take = (name) => storage((s) => JSON.parse(s.getItem(MARK + name)));
const put = (name, value) => storage((s) => (value ? s.setItem(MARK + name, JSON.stringify(value)) : s.removeItem(MARK + name)));
const forget = () => storage((s) => Object.keys(s).filter((name) => name.startsWith(MARK)).forEach((name) => s.removeItem(name)));

// entries gives what a form holds, as it would be posted, without the fields of the service.
function entries(form) {
  const typed = new URLSearchParams(new FormData(form));
  for (const name of [...typed.keys()]) if (name.startsWith("_")) typed.delete(name);
  return typed.toString();
}

// enter puts entries back into a form.
function enter(form, typed) {
  const values = new URLSearchParams(typed);
  for (const x of form.elements) {
    if (!x.name || x.name.startsWith("_")) continue;
    const given = values.getAll(x.name);
    if (x.type === "radio" || x.type === "checkbox") x.checked = given.includes(x.value);
    else x.value = given[0] ?? "";
  }
}

// restore puts back what an earlier visit of the page could not save; null where there is nothing.
// The revision comes along: what others have changed since then was not seen.
function restore(form, words) {
  const left = take(form.dataset.unsent);
  if (!left) return null;
  if (left.typed === entries(form)) return put(form.dataset.unsent, null);
  enter(form, left.typed);
  form.elements._revision.value = left.revision;
  const note = document.createElement("p");
  note.className = "notice";
  note.setAttribute("role", "status");
  form.prepend(note);
  setTimeout(() => { note.textContent = words.restored; }, 200); // a region is announced when it changes
  return left;
}

const PAUSE = 1500, LONGEST = 15000, PATIENCE = 15000, OFTEN = 30000, SELDOM = 600000; // milliseconds

// keep saves a form while somebody types, and holds back its buttons while the service is away.
// Left is what an earlier visit left over.
function keep(form, line, left) {
  const words = line.dataset, revision = form.elements._revision, name = form.dataset.unsent;
  let saved = left ? null : entries(form); // what the service has, as far as this page knows
  let asked = left?.asked ?? null; // what was sent and not answered: it may have arrived
  let sending = null, pressed = null, leaving = false, timer = 0, since = 0, wait = 0;

  const changed = () => asked !== null || entries(form) !== saved;
  const remember = () => put(name, changed() ? { typed: entries(form), asked, revision: revision.value } : null);
  const say = (text, time, bad) => {
    const [said, when] = line.children;
    line.classList.toggle("bad", Boolean(bad));
    if (said.textContent !== text) said.textContent = text; // the same again is not announced again
    when.textContent = time ?? "";
  };
  const request = (to, options) => fetch(to, { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(PATIENCE), ...options });

  // send posts what is not saved: "saved", "refused" by the service, or "away" where none answers.
  // One at a time: the next needs the revision that this one brings. What was not answered goes
  // first and unchanged: where it had arrived, it changes nothing and cannot clash with itself.
  async function send() {
    if (!changed()) return "saved";
    const typed = asked ?? entries(form);
    asked = typed;
    remember();
    let answer, body;
    try {
      answer = await request(form.action, {
        method: "POST", keepalive: typed.length < 60000, body: `_tag=${form.elements._tag.value}&_revision=${revision.value}&_go=autosave&${typed}`,
        headers: { "Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded" },
      });
      body = answer.ok ? await answer.json() : await answer.json().catch(() => ({}));
    } catch { return away(); }
    if (answer.status >= 500 || answer.status === 0 || (answer.ok && body.revision === undefined)) return away();
    asked = null;
    if (!answer.ok) {
      remember();
      say([words.unsaved, body.title, body.text].filter(Boolean).join(". ").replace(". ", ": "), "", true);
      return "refused";
    }
    revision.value = body.revision;
    saved = typed;
    since = wait = 0;
    remember();
    say(words.saved, new Date().toTimeString().slice(0, 5)); // by the clock of this device, 14:02 in every language
    return "saved";
  }
  const away = () => {
    say(pressed ? words.waiting : words.away, "", true);
    return "away";
  };
  const attempt = () => (sending ??= send().finally(() => { sending = null; }));

  // reach asks whether a service is there to go on with.
  const reach = async () => {
    try { return (await request("/healthz", { method: "HEAD" })).status < 500 ? "saved" : away(); } catch { return away(); }
  };
  const later = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(work, delay);
  };
  // work saves what there is; it comes back by itself while something is missing.
  async function work() {
    clearTimeout(timer);
    let how = await attempt();
    while (how === "saved" && pressed && changed()) how = await attempt();
    if (how === "saved" && pressed) how = await reach();
    if (how === "away") wait = Math.min(wait * 2 || 1000, OFTEN);
    else if (how === "refused") wait = Math.min(wait * 2 || OFTEN, SELDOM);
    if (how !== "away" && pressed) go();
    if (leaving) return;
    if (how !== "saved") later(wait * (1 + Math.random() / 4));
    else if (changed()) later(PAUSE);
  }
  // go presses the button in earnest: all is saved, or the service has a page for what is wrong.
  function go() {
    if (!pressed) return;
    const { from, button } = pressed;
    pressed = null;
    leaving = true;
    if (from !== form) forget(); // signing out
    else if (button?.name === "_lang") put("focus", { id: last });
    from.requestSubmit(button);
  }

  let last = "";
  form.addEventListener("focusin", ({ target }) => { last = target.id; });
  const typing = () => {
    leaving = false;
    pressed = null; // whoever goes on typing does not want to leave any more
    remember();
    if (!changed()) return;
    since ||= Date.now();
    later(Math.max(0, Math.min(PAUSE, since + LONGEST - Date.now())));
  };
  form.addEventListener("input", typing);
  form.addEventListener("change", typing);
  form.addEventListener("focusout", ({ target }) => { if (/^text/.test(target.type) && changed()) later(0); });
  for (const from of [form, document.querySelector("form.sign-out")]) {
    from?.addEventListener("submit", (event) => {
      if (leaving) return;
      event.preventDefault();
      pressed = { from, button: event.submitter };
      work();
    });
  }
  document.addEventListener("visibilitychange", () => { if (!leaving && changed()) work(); });
  addEventListener("pagehide", () => { if (!leaving) attempt(); });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("online", () => { if (pressed || changed()) later(0); });
  addEventListener("beforeunload", (event) => { if (!leaving && line.classList.contains("bad") && changed()) event.preventDefault(); });
  if (left) work();
}

// counted says how many characters there is room for, whenever typing stops.
function counted(field, words) {
  const said = document.createElement("p");
  let timer = 0;
  const count = () => {
    const free = field.dataset.most - [...clean(field.value)].length;
    const n = String(Math.abs(free)).replace(/\B(?=(\d{3})+$)/g, document.documentElement.lang === "fr" ? "\u202f" : "’"); // as i18n.Number
    said.textContent = (free < 0 ? words.over : words.left).replace("{n}", n);
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
