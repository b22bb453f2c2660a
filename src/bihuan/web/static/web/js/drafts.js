// Keeps what someone is writing. A form with data-draft="reply:2026…" is saved in this browser as it is typed, given
// back after a reload, and forgotten once it was sent. Never kept: passwords, files, hidden fields, and anything that
// holds a person's number (marked data-private, or named like one). All drafts go at sign-out and after a day.
import { words } from "./ui.js";

const PREFIX = "bihuan.draft.";
const DAY = 86_400_000;
const PRIVATE = /pass|identity|phone|contact|name|number|account|card|code|token|address/i;
const reader = document.body.dataset.reader;

const keyOf = (form) => `${PREFIX}${reader}.${form.dataset.draft}`;

function fields(form) {
  return [...form.elements].filter(
    (field) => field.name && !["password", "file", "hidden", "submit", "button", "tel"].includes(field.type) && !("private" in field.dataset) && !PRIVATE.test(field.name),
  );
}

function read(form) {
  try {
    return JSON.parse(localStorage.getItem(keyOf(form)));
  } catch {
    return null;
  }
}

function save(form) {
  const values = {};
  for (const field of fields(form)) {
    if (["checkbox", "radio"].includes(field.type)) {
      if (field.checked) values[field.name] = [...(values[field.name] ?? []), field.value];
    } else if (field.value && field.value !== field.defaultValue) values[field.name] = field.value;
  }
  try {
    if (Object.keys(values).length) localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), values }));
    else localStorage.removeItem(keyOf(form));
  } catch {
    // A full or forbidden store must not stop anyone from writing.
  }
}

function fill(form, values) {
  for (const field of fields(form)) {
    const kept = values[field.name];
    if (kept === undefined) continue;
    if (Array.isArray(kept)) field.checked = kept.includes(field.value);
    else field.value = kept;
  }
}

function notice(form, at) {
  const time = new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit" }).format(at);
  const note = document.createElement("p");
  note.className = "b-draft";
  note.append(words.draft.replace("{time}", time));
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "b-btn b-btn-s b-btn-quiet";
  drop.textContent = words.discard;
  drop.addEventListener("click", () => {
    localStorage.removeItem(keyOf(form));
    form.reset();
    note.remove();
  });
  note.append(drop);
  form.prepend(note);
}

function begin(root) {
  for (const form of root.querySelectorAll("form[data-draft]")) {
    if (form.dataset.drafting) continue;
    form.dataset.drafting = "1";
    const kept = read(form);
    const refused = form.matches("[data-kept]") || form.querySelector("[aria-invalid]"); // the server gave the values back itself
    if (kept && Date.now() - kept.at < DAY && !refused) {
      fill(form, kept.values);
      notice(form, kept.at);
    }
    let timer;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => save(form), 400);
    });
    form.addEventListener("change", () => save(form));
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      save(form);
      if (!form.matches("[hx-post]")) sessionStorage.setItem(`${PREFIX}sent`, keyOf(form));
    });
  }
}

// A plain form was sent by the page before: if it is not here again with errors, it went through.
const sent = sessionStorage.getItem(`${PREFIX}sent`);
if (sent) {
  sessionStorage.removeItem(`${PREFIX}sent`);
  const again = [...document.querySelectorAll("form[data-draft]")].find((form) => keyOf(form) === sent);
  const error = document.querySelector("[data-outcome=refused]") || again?.querySelector("[aria-invalid], .b-note-late");
  if (!error && document.body.dataset.reader !== undefined) localStorage.removeItem(sent);
}

for (const key of Object.keys(localStorage)) {
  if (!key.startsWith(PREFIX)) continue;
  let at = 0;
  try {
    at = JSON.parse(localStorage.getItem(key)).at;
  } catch {
    at = 0;
  }
  if (Date.now() - at > DAY) localStorage.removeItem(key);
}

begin(document);
document.addEventListener("htmx:after:swap", () => begin(document));
document.addEventListener("htmx:after:request", (event) => {
  const form = event.detail.ctx?.sourceElement?.closest?.("form[data-draft]");
  if (form && event.detail.ctx.response.status < 400) localStorage.removeItem(keyOf(form));
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-forget-drafts]")) return;
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
});
