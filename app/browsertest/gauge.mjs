// What measure.mjs measures with. Each function runs in the page, and stands for itself.

// sideways names what is wider than the window. What scrolls in a box of its own is as it should be.
export function sideways() {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  return [...document.body.querySelectorAll('*')]
    .filter((x) => x.getBoundingClientRect().right > root.clientWidth + 1 && !x.closest('.scroll, .hidden'))
    .slice(0, 3).map((x) => `${x.tagName} ${x.className} “${x.textContent.trim().slice(0, 40)}”`).concat(`${root.scrollWidth} px`);
}

// clipped names elements whose words do not fit into their own box.
export function clipped() {
  return [...document.querySelectorAll('main *, header *, footer *')].filter((x) => {
    const style = getComputedStyle(x);
    if (x.getClientRects().length === 0 || style.clipPath !== 'none' || x.closest('.hidden, .scroll') || !x.checkVisibility() || x.matches('input, textarea, select, option, [role=listbox]')) return false;
    const hides = (v) => v === 'hidden' || v === 'clip';
    return (hides(style.overflowX) && x.scrollWidth > x.clientWidth + 1) || (hides(style.overflowY) && x.scrollHeight > x.clientHeight + 1)
      || (x.matches('button, .button') && (x.scrollWidth > x.clientWidth + 1 || x.scrollHeight > x.clientHeight + 1));
  }).map((x) => `${x.tagName} ${x.className} “${x.textContent.trim().slice(0, 40)}”`);
}

// overlaps names pairs of pieces of text that lie on each other.
export function overlaps() {
  const shown = (x) => x.getClientRects().length > 0 && x.checkVisibility() && !x.closest('.hidden, .skip, [aria-hidden=true], [role=listbox]');
  const pieces = [...document.querySelectorAll('h1, h2, h3, legend, .label, main p, dt, dd, .choice label, .line > label, button, .button, footer a')]
    .filter(shown).map((x) => ({ x, r: x.getBoundingClientRect() })).filter(({ r }) => r.width > 1 && r.height > 1);
  const found = [];
  for (let i = 0; i < pieces.length; i++) {
    for (let j = i + 1; j < Math.min(pieces.length, i + 40); j++) {
      const a = pieces[i], b = pieces[j];
      if (a.x.contains(b.x) || b.x.contains(a.x)) continue;
      const wide = Math.min(a.r.right, b.r.right) - Math.max(a.r.left, b.r.left), high = Math.min(a.r.bottom, b.r.bottom) - Math.max(a.r.top, b.r.top);
      if (wide > 2 && high > 2) found.push(`“${a.x.textContent.trim().slice(0, 30)}” and “${b.x.textContent.trim().slice(0, 30)}”`);
    }
  }
  return found;
}

// restyle puts rules of a test over the page; the content policy allows no style of a page's own.
export function restyle(rules) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets = rules === '' ? [] : [sheet];
}

// contrasts names edges and placeholders that stand out too little from what is behind them. Words
// themselves are axe-core's part.
export function contrasts() {
  const parse = (s) => { const [r, g, b, a = 1] = s.match(/[\d.]+/g).map(Number); return { r, g, b, a }; };
  const part = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  const light = ({ r, g, b }) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
  const behind = (x) => {
    for (let at = x; at; at = at.parentElement) {
      const c = parse(getComputedStyle(at).backgroundColor);
      if (c.a === 1) return c;
    }
    return parse('rgb(255,255,255)');
  };
  const found = [];
  for (const x of document.querySelectorAll('input[type=text], input[type=email], input[type=password], select, textarea, button.primary, button.secondary, .button, .choice input:checked + label')) {
    if (x.getClientRects().length === 0) continue;
    const style = getComputedStyle(x), edges = [];
    if (x.matches('.scale label') && style.boxShadow === 'none') continue; // the radio button itself is the mark
    if (x.matches('label')) edges.push(['mark', style.boxShadow.match(/rgba?\([^)]*\)/)?.[0] ?? 'rgba(0,0,0,0)']);
    else if (parseFloat(style.borderTopWidth) > 0) edges.push(['border', style.borderTopColor]);
    else found.push(`${x.tagName} ${x.name} has no border`);
    for (const [what, colour] of edges) {
      const r = ratio(parse(colour), behind(x.parentElement));
      if (r < 3) found.push(`${what} of ${x.tagName} ${x.name || x.className}: ${r.toFixed(2)}:1`);
    }
    if (x.placeholder) {
      const r = ratio(parse(getComputedStyle(x, '::placeholder').color), behind(x));
      if (r < 4.5) found.push(`placeholder of ${x.name || x.id}: ${r.toFixed(2)}:1`);
    }
  }
  for (const x of document.querySelectorAll('.question.invalid, .row.invalid')) {
    const r = ratio(parse(getComputedStyle(x).borderInlineStartColor), behind(x));
    if (r < 3) found.push(`mark of an error: ${r.toFixed(2)}:1`);
  }
  return found;
}

// targets names what is smaller than it may be. A radio button or box is as large as its label;
// links within a sentence are exempt (WCAG 2.5.8).
export function targets(least) {
  const found = [];
  for (const x of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [role=option]')) {
    if (x.getClientRects().length === 0 || !x.checkVisibility() || x.closest('.hidden, .skip, aside')) continue;
    let r = x.getBoundingClientRect();
    if (x.matches('[type=radio], [type=checkbox]') && x.labels.length > 0) r = x.labels[0].getBoundingClientRect();
    else if (x.matches('a') && getComputedStyle(x).display === 'inline') {
      const block = x.closest('p, li, dd, td, th, h1, h2, h3');
      const around = [...(block?.childNodes ?? [])].filter((n) => n !== x && !n.contains?.(x)).map((n) => n.textContent).join('').trim();
      if (around !== '') continue; // within a sentence
    }
    if (r.width < least - 0.5 || r.height < least - 0.5) found.push(`${x.tagName} “${(x.textContent || x.name).trim().slice(0, 40)}” ${Math.round(r.width)}x${Math.round(r.height)}`);
  }
  return found;
}

// motion names what moves.
export function motion() {
  const moving = document.getAnimations().map((a) => `animation of ${a.effect?.target?.tagName}`);
  for (const x of document.querySelectorAll('*')) {
    const style = getComputedStyle(x);
    if (style.animationName !== 'none' || style.transitionDuration !== '0s' || style.scrollBehavior === 'smooth') moving.push(`${x.tagName} ${x.className}`);
  }
  return moving;
}

// beginTabbing counts the stops in the order of the document, and begins before the first.
export function beginTabbing() {
  const radios = new Set();
  window.stopsOfTest = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]')].filter((x) => {
    if (x.tabIndex < 0 || x.disabled || x.getClientRects().length === 0 || !x.checkVisibility()) return false;
    if (x.type !== 'radio') return true;
    const group = [...document.querySelectorAll(`input[type=radio][name="${CSS.escape(x.name)}"]`)];
    if (radios.has(x.name)) return false;
    radios.add(x.name); // one stop, at the chosen one or the first
    return group.some((r) => r.getClientRects().length > 0);
  });
  document.activeElement?.blur();
  getSelection().removeAllRanges();
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute('tabindex');
  return window.stopsOfTest.length;
}

// stop judges what has the focus now.
export function stop() {
  const x = document.activeElement;
  if (x === document.body || x === null) return { end: true };
  const parse = (s) => { const [r, g, b, a = 1] = s.match(/[\d.]+/g).map(Number); return { r, g, b, a }; };
  const part = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  const light = ({ r, g, b }) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const behind = (of) => {
    for (let at = of; at; at = at.parentElement) {
      const c = parse(getComputedStyle(at).backgroundColor);
      if (c.a === 1) return c;
    }
    return parse('rgb(255,255,255)');
  };
  const index = window.stopsOfTest.findIndex((s) => s === x || (s.type === 'radio' && x.type === 'radio' && s.name === x.name));
  const what = `${x.tagName} ${x.name || x.className} “${(x.textContent || x.value || '').trim().slice(0, 30)}”`;
  const style = getComputedStyle(x), r = x.getBoundingClientRect(), problems = [];
  if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) problems.push('shows no focus');
  else {
    const [a, b] = [light(parse(style.outlineColor)), light(behind(x.parentElement))].sort((p, q) => q - p);
    if ((a + 0.05) / (b + 0.05) < 3) problems.push(`shows its focus with ${((a + 0.05) / (b + 0.05)).toFixed(2)}:1`);
  }
  if (r.bottom <= 0 || r.top >= innerHeight || r.right <= 0 || r.left >= innerWidth) problems.push('is out of sight');
  const [left, right] = [Math.max(r.left, 0), Math.min(r.right, innerWidth)], [top, bottom] = [Math.max(r.top, 0), Math.min(r.bottom, innerHeight)];
  const on = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const own = on && (x.contains(on) || on.contains(x) || [...(x.labels ?? [])].some((l) => l.contains(on)));
  if (problems.length === 0 && !own && x.getClientRects().length === 1) problems.push(`is covered by ${on?.tagName} ${on?.className}`);
  return { end: false, index, what, parts: ['date', 'datetime-local'].includes(x.type), problem: problems.join(', ') };
}
