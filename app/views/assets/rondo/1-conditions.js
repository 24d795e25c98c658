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
