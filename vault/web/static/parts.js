// Small pieces of the page. Text only ever enters it as text.

export function element(name, { text, kind, ...attributes } = {}) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (kind !== undefined) made.className = kind;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

export function labelWords(label) {
  return [label.classification, ...label.compartments].join(" · ");
}

export function fillBadge(badge, label) {
  badge.textContent = labelWords(label);
  badge.dataset.level = label.classification;
  badge.hidden = false;
  return badge;
}

export function factsOf(found, { whole = false } = {}) {
  const facts = element("span", { kind: "facts" });
  facts.append(fillBadge(element("span", { kind: "badge" }), found.label));
  if (found.page !== null) facts.append(element("span", { text: `page ${found.page}` }));
  facts.append(element("time", { text: found.modified_at.slice(0, 10), datetime: found.modified_at }));
  if (!found.fresh) facts.append(element("span", { text: "out of date", kind: "mark-stale" }));
  else if (whole) facts.append(element("span", { text: "fresh" }));
  if (found.superseded_by !== null) facts.append(element("span", { text: "replaced", kind: "mark-stale" }));
  if (whole) facts.append(element("span", { text: found.uri, kind: "address" }));
  return facts;
}

export function warningsOf(answer) {
  const warnings = answer.conflicts.map((conflict) => conflict.explanation);
  const named = new Map(answer.citations.map((found) => [found.document_id, found]));
  for (const found of named.values()) {
    if (!found.fresh) warnings.push(`“${found.title}” is older than its owner counts as fresh.`);
    if (found.superseded_by !== null) warnings.push(`“${found.title}” was replaced by a newer document.`);
  }
  return warnings;
}
