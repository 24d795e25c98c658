// Writes docs/accessibility.md from what axe found. No dates and no counts of what depends on the
// data of a run, so that the same service gives the same report.
const order = new Intl.Collator('en', { numeric: true }).compare;

// report gives the page. Seen: scene → { looks, languages, violations, incomplete }.
export function report(seen, tags, version) {
  const scenes = [...seen].sort(([a], [b]) => order(a, b));
  const total = (of) => scenes.reduce((sum, [, entry]) => sum + of(entry), 0);
  const sizes = (of) => new Set(scenes.flatMap(([, entry]) => [...entry[of]])).size;
  const lines = [
    '# Accessibility: what axe-core finds', '',
    `Written by \`make axe-all\`: a real Chromium opens every page in every state, in each language, at 360 and 1280 px, in light and in dark,
and axe-core ${version} looks at it with all rules tagged ${tags.map((t) => `\`${t}\``).join(', ')}; in dark, where nothing but colours
differs, with the rules about colours. Every state is a real answer of the service.
axe-core finds about half of what can be wrong; keyboard, focus, error runs, accessibility trees, zoom, targets and print are
checked by the other scripts in \`app/browsertest\`, as part of \`make test\`.`, '',
    `**${scenes.length} pages and states, ${sizes('languages')} languages, ${sizes('widths')} widths, light and dark: ${total((e) => e.looks)} looks, ${total((e) => e.violations)} violations.**`, '',
    '| page and state | languages | looks | violations | incomplete |', '| --- | --- | ---: | ---: | --- |',
  ];
  for (const [name, e] of scenes) {
    const open = [...e.incomplete.keys()].sort().map((id) => `\`${id}\``).join(', ');
    lines.push(`| ${name} | ${[...e.languages].sort().join(' ')} | ${e.looks} | ${e.violations} | ${open || '–'} |`);
  }
  return lines.concat('', ...incomplete(scenes)).join('\n') + '\n';
}

// incomplete lists what axe could not decide by itself, by rule, with where it stands.
function incomplete(scenes) {
  const rules = new Map();
  for (const [name, e] of scenes) {
    for (const [id, places] of e.incomplete) {
      const rule = rules.get(id) ?? { scenes: new Set(), places: new Set() };
      rule.scenes.add(name);
      for (const place of places) rule.places.add(place.trim().replace(/[0-9a-z]{26}/g, ':id').replace(/127\.0\.0\.1:\d+/g, 'localhost'));
      rules.set(id, rule);
    }
  }
  const lines = ['## Incomplete', '', 'What axe-core leaves to a person to decide, with the elements it concerns.', ''];
  for (const [id, rule] of [...rules].sort(([a], [b]) => order(a, b))) {
    const places = [...rule.places].sort(order);
    const shown = places.slice(0, 8).map((p) => `\`${p}\``).join(', ');
    lines.push(`- \`${id}\` on ${rule.scenes.size} pages and states: ${shown}${places.length > 8 ? ' and others like them' : ''}`);
  }
  return lines.length === 4 ? ['Nothing was left undecided.'] : lines;
}
