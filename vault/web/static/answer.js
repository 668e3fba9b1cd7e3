// One question and what comes of it, from the first sentence to the proof.

import { element, factsOf, fillBadge, warningsOf } from "./parts.js";
import { call } from "./session.js";

// A sentence's last word stays on one line with its citations, unless it is longer than this.
const LONGEST_TIED = 24;

export class AnswerCard {
  constructor(question, openSource) {
    const template = document.getElementById("answer-template");
    this.root = template.content.firstElementChild.cloneNode(true);
    this.openSource = openSource;
    this.citations = [];
    this.part(".asked").textContent = question;
  }

  part(selector) {
    return this.root.querySelector(selector);
  }

  sentence(form) {
    this.part(".state").textContent = "Each sentence was found again in its source";
    this.citations.push(...form.citation_details);
    this.write(form);
  }

  answer(form) {
    this.settle();
    this.part(".sentences").replaceChildren();
    this.citations = form.citations;
    for (const sentence of form.sentences) this.write(sentence);
    fillBadge(this.part(".badge"), form.label).title = "Label of this answer: the highest of its sources";
    this.show(".short", form.short);
    this.show(".note", form.note);
    if (form.abstained) this.refuse(form.reason);
    this.list(".warnings", warningsOf(form).map((text) => element("li", { text })));
    this.listIn(".sources", form.citations.map((found) => this.item(found, found.quote)));
    this.listIn(".related", form.related.map((found) => this.item(found, found.text)));
    this.close(form);
  }

  fail(text) {
    this.settle();
    this.part(".refusal").hidden = false;
    this.part(".reason").textContent = text;
  }

  settle() {
    this.root.removeAttribute("aria-busy");
    this.part(".state").hidden = true;
  }

  refuse(reason) {
    const known = document.querySelector(`#reasons [data-reason="${CSS.escape(reason)}"]`);
    this.part(".refusal").hidden = false;
    this.part(".reason").textContent = known ? known.textContent : "There is not enough to answer this.";
  }

  write(sentence) {
    const place = this.part(".sentences");
    if (place.hasChildNodes()) place.append(" ");
    const last = Math.max(sentence.text.lastIndexOf(" ") + 1, sentence.text.length - LONGEST_TIED);
    const tied = element("span", { text: sentence.text.slice(last), kind: "tied" });
    place.append(sentence.text.slice(0, last), tied);
    for (const number of sentence.citations) {
      const found = this.citations.find((each) => each.n === number);
      if (!found) continue;
      const label = `Source ${number}: ${found.title}`;
      const button = element("button", { text: String(number), kind: "cite", type: "button", "aria-label": label });
      button.addEventListener("click", () => this.openSource(found, button));
      tied.append(" ", button);
    }
  }

  item(found, quote) {
    const item = element("li");
    if (found.n !== undefined) item.value = found.n;
    const opener = element("button", { text: found.title || found.uri, kind: "open", type: "button" });
    opener.addEventListener("click", () => this.openSource(found, opener));
    item.append(opener, factsOf(found), element("blockquote", { text: quote }));
    return item;
  }

  show(selector, text) {
    this.part(selector).textContent = text || "";
    this.part(selector).hidden = !text;
  }

  list(selector, items) {
    this.part(selector).replaceChildren(...items);
    this.part(selector).hidden = items.length === 0;
  }

  listIn(selector, items) {
    this.part(selector).lastElementChild.replaceChildren(...items);
    this.part(selector).hidden = items.length === 0;
  }

  close(form) {
    const made = [form.model.name ? `With ${form.model.name}` : "Quoted, without a language model"];
    made.push(`${form.usage.seconds.toFixed(1)} s`, `about ${Math.round(form.usage.joules)} J`);
    this.part(".made").textContent = made.join(" · ");
    this.part(".proof").addEventListener("click", () => this.saveProof(form.run_id));
    this.part("footer").hidden = false;
  }

  async saveProof(run) {
    const button = this.part(".proof");
    button.disabled = true;
    try {
      const response = await call(`/v1/runs/${encodeURIComponent(run)}/proof`, { accept: "*/*" });
      const address = URL.createObjectURL(await response.blob());
      element("a", { href: address, download: `proof-${run}.json` }).click();
      URL.revokeObjectURL(address);
      button.textContent = "Proof downloaded";
    } catch (error) {
      button.textContent = error.message;
    } finally {
      button.disabled = false;
    }
  }
}
