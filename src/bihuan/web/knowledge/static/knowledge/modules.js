// Text modules: `::` or `：：` in a reply opens a list, letters narrow it, Enter or Tab puts the text in. Nothing happens
// while an input method composes; what it commits is looked at afterwards.
const OPENING = /(?:::|：：)([^\s:：]{0,12})$/;
const held = new Map();
let open = null; // { field, tools, list, rows, at }

const toolsOf = (field) => field.name === "text" && field.form?.querySelector("[data-modules]");

async function modulesFor(tools) {
  const address = tools.dataset.modules;
  if (!held.has(address)) {
    held.set(address, fetch(address, { headers: { Accept: "application/json" } }).then((answer) => (answer.ok ? answer.json() : [])));
  }
  return held.get(address);
}

function close() {
  open?.list.remove();
  open?.field.removeAttribute("aria-activedescendant");
  open = null;
}

const typed = (field) => OPENING.exec(field.value.slice(0, field.selectionStart));

async function look(field) {
  const tools = toolsOf(field);
  const found = tools && typed(field);
  if (!found) return close();
  const all = await modulesFor(tools);
  const now = typed(field);
  if (!now || document.activeElement !== field) return close();
  const word = now[1].toLowerCase();
  const rows = all.filter((one) => !word || one.title.toLowerCase().includes(word) || one.keys.split(" ").some((key) => key.startsWith(word))).slice(0, 12);
  close();
  const list = document.createElement("ul");
  list.className = "k-list";
  list.id = "k-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", tools.dataset.name);
  rows.forEach((one, place) => {
    const row = document.createElement("li");
    row.id = `k-module-${place}`;
    row.setAttribute("role", "option");
    row.append(one.title);
    const sample = document.createElement("small");
    sample.textContent = one.text;
    row.append(sample);
    row.addEventListener("mousedown", (event) => {
      event.preventDefault();
      put(place);
    });
    list.append(row);
  });
  if (!rows.length) {
    const none = document.createElement("li");
    none.textContent = tools.dataset.none;
    list.append(none);
  }
  tools.append(list);
  open = { field, tools, list, rows, at: 0 };
  mark(0);
}

function mark(at) {
  if (!open.rows.length) return;
  open.at = (at + open.rows.length) % open.rows.length;
  [...open.list.children].forEach((row, place) => row.setAttribute("aria-selected", String(place === open.at)));
  open.list.children[open.at].scrollIntoView({ block: "nearest" });
  open.field.setAttribute("aria-activedescendant", `k-module-${open.at}`);
}

function put(at) {
  const { field, tools, rows } = open;
  const found = typed(field);
  const one = rows[at];
  close();
  if (!found || !one) return;
  const end = field.selectionStart;
  field.setRangeText(one.text, end - found[0].length, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}");
  fetch(tools.dataset.uses.replace("/0/", `/${one.id}/`), { method: "POST", headers, body: new URLSearchParams({ case: tools.dataset.case }) });
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("textarea[name=text]") && !event.isComposing) look(event.target);
});
document.addEventListener("compositionend", (event) => {
  if (event.target.matches?.("textarea[name=text]")) setTimeout(look, 0, event.target);
});
document.addEventListener("focusout", (event) => {
  if (open?.field === event.target) close();
});
document.addEventListener(
  "keydown",
  (event) => {
    if (!open || event.target !== open.field || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey) return;
    const act = { ArrowDown: () => mark(open.at + 1), ArrowUp: () => mark(open.at - 1), Enter: () => put(open.at), Tab: () => put(open.at), Escape: close }[event.key];
    if (!act || (!open.rows.length && event.key !== "Escape")) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  },
  true,
);
