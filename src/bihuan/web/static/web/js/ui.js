// Small manners of the page: dialogs, menus, messages that leave by themselves, errors beside their field, bulk selection.

export const words = JSON.parse(document.getElementById("ui-words")?.textContent ?? "{}");
const TOAST_MS = 8000;

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open)?.showModal();
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest("dialog")?.close();
  if (event.target.matches("dialog") && event.target.open) event.target.close(); // a click on the backdrop
  event.target.closest("[data-dismiss]")?.closest(".b-toast")?.remove();
  if (event.target.closest("[data-print]")) window.print();
  for (const menu of document.querySelectorAll("details.b-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

// a row of tabs wider than the screen begins with the current one in sight
for (const tab of document.querySelectorAll(".b-tabs > [aria-current]")) {
  const row = tab.parentElement;
  row.scrollLeft += tab.getBoundingClientRect().left - row.getBoundingClientRect().left - (row.clientWidth - tab.offsetWidth) / 2;
}

// ── messages: good news leaves after a while unless someone is reading it; bad news stays ──
function watch(toast) {
  if (toast.classList.contains("b-toast-late") || toast.dataset.watched) return;
  toast.dataset.watched = "1";
  const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : toast.remove());
  setTimeout(leave, TOAST_MS);
}
const toasts = document.getElementById("toasts");
if (toasts) {
  new MutationObserver(() => toasts.querySelectorAll(".b-toast").forEach(watch)).observe(toasts, { childList: true, subtree: true });
  toasts.querySelectorAll(".b-toast").forEach(watch);
}

/** Puts a message into the corner. `tone` is "" or "late". */
export function say(text, tone = "") {
  const toast = document.createElement("div");
  toast.className = `b-toast ${tone ? "b-toast-late" : ""}`;
  const p = document.createElement("p");
  p.textContent = text;
  const x = document.createElement("button");
  x.type = "button";
  x.className = "b-toast-x";
  x.dataset.dismiss = "";
  x.textContent = "×";
  toast.append(p, x);
  toasts?.append(toast);
}

// ── a refused rule is shown beside the field it is about, when the form has that field ──
function clearErrors(form) {
  form.querySelectorAll(".b-error[data-live]").forEach((error) => error.remove());
  form.querySelectorAll("[aria-invalid]").forEach((input) => input.removeAttribute("aria-invalid"));
}

function place(refusal, form) {
  const { field, message } = refusal.dataset;
  const input = field && form?.elements?.namedItem(field);
  const control = input instanceof RadioNodeList ? input[0] : input;
  if (!control || control.type === "hidden") return false;
  const error = document.createElement("p");
  error.className = "b-error";
  error.dataset.live = "";
  error.id = `${control.id || field}_refused`;
  error.textContent = message;
  control.closest(".b-field")?.append(error);
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", error.id);
  for (let fold = control.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  control.focus();
  return true;
}

document.addEventListener("htmx:before:request", (event) => {
  // a part of a form that asks while one types (hints, checks, people of a unit) is no new attempt to send it
  const form = event.target.matches?.("form, button") && event.target.closest("form");
  if (form) clearErrors(form);
});
document.addEventListener("htmx:after:swap", (event) => {
  const form = event.detail.ctx?.sourceElement?.closest?.("form");
  for (const refusal of document.querySelectorAll("#toasts > .b-refusal")) {
    if (place(refusal, form)) refusal.remove();
    else refusal.replaceWith(...refusal.children);
  }
});
document.addEventListener("htmx:error", (event) => {
  if (event.detail?.ctx) say(words.offline, "late");
});

// ── a dialog that htmx fills opens when something came, and closes when the answer is empty ──
for (const dialog of document.querySelectorAll("[data-swap-dialog]")) {
  new MutationObserver(() => {
    const filled = dialog.childElementCount > 0;
    if (filled && !dialog.open) dialog.showModal();
    if (!filled && dialog.open) dialog.close();
  }).observe(dialog, { childList: true });
  dialog.addEventListener("close", () => dialog.replaceChildren());
}

// ── bulk selection ──
function count(form) {
  const boxes = [...form.querySelectorAll(".b-pick")];
  const picked = boxes.filter((box) => box.checked).length;
  const bar = form.querySelector("[data-bulk]");
  if (bar) {
    bar.hidden = picked === 0;
    bar.querySelector("[data-bulk-count]").textContent = picked;
  }
  const all = form.querySelector("[data-pick-all]");
  if (all) {
    all.checked = picked > 0 && picked === boxes.length;
    all.indeterminate = picked > 0 && picked < boxes.length;
  }
}
let last = null;
document.addEventListener("click", (event) => {
  const box = event.target.closest(".b-pick");
  const form = event.target.closest("form");
  if (!form) return;
  if (box) {
    // Shift picks the stretch between this and the one before.
    if (event.shiftKey && last && last.form === form) {
      const boxes = [...form.querySelectorAll(".b-pick")];
      const [a, b] = [boxes.indexOf(last), boxes.indexOf(box)].sort((x, y) => x - y);
      boxes.slice(a, b + 1).forEach((one) => (one.checked = box.checked));
    }
    last = box;
    count(form);
  }
  const all = event.target.closest("[data-pick-all]");
  if (all) {
    form.querySelectorAll(".b-pick").forEach((one) => (one.checked = all.checked));
    count(form);
  }
  if (event.target.closest("[data-bulk-clear]")) {
    form.querySelectorAll(".b-pick").forEach((one) => (one.checked = false));
    count(form);
  }
});

// A form says it is busy and cannot be sent twice; coming back with the browser's button frees it again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// ── a box that leaves only what holds the word; headings without anything left go too ──
document.addEventListener("input", (event) => {
  const list = event.target.dataset?.filter && document.querySelector(event.target.dataset.filter);
  if (!list) return;
  const word = event.target.value.trim().toLowerCase();
  for (const item of list.querySelectorAll("[data-filter-item]")) item.hidden = !item.textContent.toLowerCase().includes(word);
  for (const group of list.querySelectorAll("[data-filter-group]")) group.hidden = !group.querySelector("[data-filter-item]:not([hidden])");
  const none = list.querySelector("[data-filter-none]");
  if (none) none.hidden = Boolean(list.querySelector("[data-filter-item]:not([hidden])"));
});
