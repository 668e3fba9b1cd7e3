// The panel that shows where a quote stands in its document.

import { element, factsOf } from "./parts.js";
import { call } from "./session.js";
import { unitRange } from "./spans.js";

const AROUND = 30000;
const panel = document.getElementById("source");
const title = document.getElementById("source-title");
const facts = document.getElementById("source-facts");
const check = document.getElementById("source-check");
const text = document.getElementById("source-text");

let opener = null;
let wanted = 0;

export async function openSource(found, from) {
  const turn = (wanted += 1);
  mark(from);
  title.textContent = found.title || found.uri;
  facts.replaceChildren(factsOf(found, { whole: true }));
  say("Opening the source");
  text.replaceChildren();
  panel.hidden = false;
  document.documentElement.classList.add("reading");
  title.focus({ preventScroll: true });
  try {
    const whole = await textOf(found);
    if (turn === wanted) show(whole, found);
  } catch (error) {
    if (turn === wanted) say(error.message, { failed: true });
  }
}

export function closeSource() {
  if (panel.hidden) return;
  wanted += 1;
  panel.hidden = true;
  document.documentElement.classList.remove("reading");
  text.replaceChildren();
  const from = opener;
  mark(null);
  if (from) from.focus();
}

async function textOf(found) {
  const path = `/v1/documents/${encodeURIComponent(found.document_id)}/text`;
  const query = new URLSearchParams({ revision: found.revision });
  const response = await call(`${path}?${query}`, { accept: "text/plain" });
  // A byte order mark is part of the text that spans count.
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await response.arrayBuffer());
}

function show(whole, found) {
  const range = unitRange(whole, found.span);
  const quoted = whole.slice(range.start, range.end);
  const promised = found.quote ?? found.text;
  if (quoted !== promised) {
    say("The text at this place is not what was quoted. Do not rely on it.", { failed: true });
    return;
  }
  const { start, end } = found.span;
  say(`Checked here: these words stand at characters ${start} to ${end} of the revision that was cited.`);
  fill(whole, range, AROUND);
}

function fill(whole, { start, end }, around) {
  const from = Math.max(0, start - around);
  const to = Math.min(whole.length, end + around);
  const highlight = element("mark", { text: whole.slice(start, end) });
  const more = () => {
    const button = element("button", { text: "Show the whole text", kind: "more quiet", type: "button" });
    button.addEventListener("click", () => fill(whole, { start, end }, whole.length));
    return button;
  };
  text.replaceChildren(
    ...(from > 0 ? [more()] : []),
    whole.slice(from, start),
    highlight,
    whole.slice(end, to),
    ...(to < whole.length ? [more()] : []),
  );
  text.scrollTop = highlight.offsetTop - (text.clientHeight - highlight.offsetHeight) / 2;
}

function say(words, { failed = false } = {}) {
  check.textContent = words;
  check.classList.toggle("failed", failed);
}

function mark(from) {
  if (opener) opener.removeAttribute("aria-expanded");
  opener = from;
  if (opener) opener.setAttribute("aria-expanded", "true");
}
