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
