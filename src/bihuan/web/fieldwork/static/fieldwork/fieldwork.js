import { say } from "../web/js/ui.js";

// The calendar by keyboard: arrows go from visit to visit, at the edge to the week before or after.
const table = document.querySelector(".f-week");

function step(from, key) {
  const cell = from.closest("td"), row = cell.parentElement;
  const rows = [...table.tBodies[0].rows], column = cell.cellIndex;
  if (key === "ArrowUp" || key === "ArrowDown") {
    const links = rows.flatMap((one) => [...one.cells[column].querySelectorAll("a")]);
    return links[links.indexOf(from) + (key === "ArrowDown" ? 1 : -1)];
  }
  const by = key === "ArrowRight" ? 1 : -1;
  for (let at = column + by; at > 0 && at < row.cells.length; at += by) {
    const found = row.cells[at].querySelector("a") ?? rows.map((one) => one.cells[at].querySelector("a")).find(Boolean);
    if (found) return found;
  }
  return document.querySelector(by > 0 ? '.f-wide a[rel="next"]' : '.f-wide a[rel="prev"]');
}

table?.addEventListener("keydown", (event) => {
  if (!event.key.startsWith("Arrow") || !event.target.matches("a")) return;
  const next = step(event.target, event.key);
  if (next) {
    event.preventDefault();
    next.focus();
  }
});

// Steps of a repair order pressed without a network are kept on this phone and sent when it is back. Each carries a key of
// its own and the moment it was pressed, so that however often it is sent it counts once, and at the right time.
const STORE = `bihuan.draft.${document.body.dataset.reader}.steps`; // named like a draft: it goes at sign-out with all others
const board = document.querySelector(".f-offline");

function kept() {
  try {
    return JSON.parse(localStorage.getItem(STORE))?.steps ?? [];
  } catch {
    return [];
  }
}

function keep(steps) {
  if (steps.length) localStorage.setItem(STORE, JSON.stringify({ at: Date.now(), steps }));
  else localStorage.removeItem(STORE);
  if (!board) return;
  board.hidden = !steps.length;
  board.textContent = steps.length ? board.dataset.waiting + steps.map((one) => one.name).join("、") : "";
}

const post = (step) => fetch(step.url, { method: "POST", body: new URLSearchParams(step.body), headers: { "Content-Type": "application/x-www-form-urlencoded" } });

let sending = false;
async function flush() {
  if (sending) return;
  sending = true;
  let done = 0;
  try {
    for (const step of kept()) {
      const answer = await post({ ...step, body: { ...step.body, csrfmiddlewaretoken: token() ?? step.body.csrfmiddlewaretoken } });
      if (answer.status >= 500 || answer.url.includes("/login/")) break; // kept until the house answers and she is signed in
      if (!answer.ok) say(`${step.name}: ${(await answer.text()).match(/b-note-late[^]*?<p>([^<]*)/)?.[1] ?? answer.status}`, "late");
      else done += 1;
      keep(kept().filter((one) => one.body.key !== step.body.key));
    }
  } catch {
    // still no network
  }
  sending = false;
  if (done) location.reload();
}

const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value;

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "1";
    const { key, pressed } = form.elements;
    if (pressed && !pressed.value) pressed.value = new Date().toISOString();
    if (key) key.value ||= crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    const step = { url: form.action, name: form.querySelector("button")?.innerText.trim() ?? "", body: Object.fromEntries(new FormData(form)) };
    try {
      if (!navigator.onLine) throw new TypeError("offline");
      const probe = await fetch("/healthz", { cache: "no-store" });
      if (!probe.ok) throw new TypeError("unreachable");
      form.submit();
    } catch {
      keep([...kept().filter((one) => one.body.key !== step.body.key), step]);
    }
  });
}
keep(kept());
addEventListener("online", flush);
if (navigator.onLine) flush();
