// Signs in, asks, and hands each event of the answer to its card.

import { AnswerCard } from "./answer.js";
import { fillBadge } from "./parts.js";
import { call, ProblemError, session } from "./session.js";
import { closeSource, openSource } from "./source.js";
import { eventsOf } from "./stream.js";

const root = document.documentElement;
const byId = (id) => document.getElementById(id);
const [form, token, question] = ["ask", "token", "question"].map(byId);
const [askButton, stopButton, trouble] = ["ask-button", "stop-button", "trouble"].map(byId);

let underWay = null;
let bySession = false;

function warn(text) {
  trouble.textContent = text;
  trouble.hidden = !text;
}

function signedIn(credential) {
  root.classList.replace("signed-out", "signed-in");
  const person = credential.on_behalf_of;
  byId("who-name").textContent = person ? `${credential.principal} for ${person}` : credential.principal;
  fillBadge(byId("who-clearance"), credential.clearance).title = "Your clearance";
  byId("who").hidden = false;
  token.required = false;
  token.value = "";
  question.focus();
}

function signedOut(reason = "") {
  if (underWay) underWay.abort();
  session.forget();
  if (bySession) fetch("/sign-out", { method: "POST", credentials: "same-origin", redirect: "manual" });
  bySession = false;
  root.classList.replace("signed-in", "signed-out");
  byId("who").hidden = true;
  byId("answers").replaceChildren();
  closeSource();
  token.required = true;
  warn(reason);
  token.focus();
}

async function signIn(candidate) {
  warn("");
  try {
    const response = await call("/v1/credential", { token: candidate });
    session.keep(candidate);
    signedIn(await response.json());
  } catch (error) {
    signedOut(error.message);
  }
}

async function resume() {
  try {
    const response = await call("/v1/credential");
    bySession = true;
    signedIn(await response.json());
  } catch (error) {
    if (error.problem?.status !== 401) warn(error.message);
  }
}

async function follow(card, asked, signal) {
  const response = await call("/v1/answers", { body: { question: asked }, accept: "text/event-stream", signal });
  for await (const { name, form: data } of eventsOf(response)) {
    if (name === "sentence") card.sentence(data);
    if (name === "answer") return card.answer(data);
    if (name === "error") throw new ProblemError(data);
  }
  throw new ProblemError({ title: "The answer broke off" });
}

async function ask(asked) {
  warn("");
  underWay = new AbortController();
  askButton.disabled = true;
  stopButton.hidden = false;
  const card = new AnswerCard(asked, openSource);
  byId("answers").prepend(card.root);
  try {
    await follow(card, asked, underWay.signal);
  } catch (error) {
    if (error.name === "AbortError") card.fail("Stopped.");
    else if (error.problem?.status === 401) signedOut(error.message);
    else card.fail(error.message);
  } finally {
    underWay = null;
    askButton.disabled = false;
    stopButton.hidden = true;
    if (document.activeElement === question) question.select();
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!session.token && !bySession) signIn(token.value.trim());
  else if (question.value.trim() && !underWay) ask(question.value.trim());
});
question.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});
stopButton.addEventListener("click", () => underWay?.abort());
byId("sign-out").addEventListener("click", () => signedOut());
byId("source-close").addEventListener("click", closeSource);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeSource();
});

root.classList.add("scripted", "signed-out");
if (session.token) signIn(session.token);
else if (byId("sign-in-link")) resume();
