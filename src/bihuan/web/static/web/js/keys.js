// Keyboard. The table comes from the server (bihuan.web.keys) as JSON, so that handler, tooltips and cheat-sheet agree.
const table = JSON.parse(document.getElementById("key-table")?.textContent ?? "[]");
const byCombo = new Map(table.map((key) => [key.combo, key]));

const TYPING = "input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit]), textarea, select, [contenteditable]";

function comboOf(event) {
  const name = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  return (event.ctrlKey || event.metaKey ? "Control+" : "") + (event.altKey ? "Alt+" : "") + name;
}

const visible = (element) => element && element.checkVisibility() && !element.disabled;

/** The list the cursor moves in: the one that holds the cursor, else the first on the page. */
function rows() {
  const list = document.querySelector("[data-rows]:has(.b-cursor)") ?? document.querySelector("[data-rows]");
  return list ? [...list.querySelectorAll("[data-row]")] : [];
}

const cursor = () => document.querySelector("[data-row].b-cursor");

function move(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(cursor());
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))];
  cursor()?.classList.remove("b-cursor");
  next.classList.add("b-cursor");
  next.scrollIntoView({ block: "nearest" });
  const link = next.querySelector("a[href]");
  link?.focus({ preventScroll: true });
  return true;
}

function press(action) {
  const within = document.querySelector("dialog[open]") ?? document;
  const target = [...within.querySelectorAll(`[data-key="${action}"]`)].find(visible);
  if (!target) return false;
  if (target.matches("input, textarea, select")) {
    target.focus();
    target.select?.();
  } else target.click();
  return true;
}

const builtIn = {
  next: () => move(1),
  previous: () => move(-1),
  open: () => {
    const row = cursor();
    // A focused link or button keeps its own Enter.
    if (!row || document.activeElement?.matches("a, button, summary")) return false;
    row.querySelector("a[href]")?.click();
    return true;
  },
  pick: () => {
    const box = cursor()?.querySelector(".b-pick");
    box?.click();
    return Boolean(box);
  },
  help: () => toggle("key-help"),
  jump: () => toggle("jump"),
  submit: () => {
    const form = document.activeElement?.closest("form");
    form?.requestSubmit();
    return Boolean(form);
  },
  close: () => {
    if (document.querySelector("dialog[open]")) return false; // the dialog closes itself
    const menu = document.querySelector("details.b-menu[open]");
    if (menu) menu.open = false;
    else if (document.activeElement?.matches(TYPING)) document.activeElement.blur();
    else return false;
    return true;
  },
};

function toggle(id) {
  const dialog = document.getElementById(id);
  if (!dialog) return false;
  if (dialog.open) dialog.close();
  else {
    document.querySelectorAll("details.b-menu[open]").forEach((menu) => (menu.open = false));
    dialog.showModal();
    dialog.dispatchEvent(new Event("b:open"));
  }
  return true;
}

document.addEventListener("keydown", (event) => {
  // While an input method composes (isComposing, or 229 from older ones), every key belongs to it.
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented || event.repeat && event.key === "Enter") return;
  const key = byCombo.get(comboOf(event));
  if (!key) return;
  const typing = event.target.matches?.(TYPING);
  if (typing && !key.typing) return;
  if (document.querySelector("dialog[open]") && !["submit", "close"].includes(key.action)) return;
  const done = builtIn[key.action] ? builtIn[key.action]() : press(key.action);
  if (done) event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest('[data-key="help"]')) toggle("key-help");
  const row = event.target.closest("[data-row]");
  if (row) {
    cursor()?.classList.remove("b-cursor");
    row.classList.add("b-cursor");
  }
});

/** Tooltips name the key, from the same table. */
function label(root) {
  for (const element of root.querySelectorAll?.("[data-key]:not([title])") ?? []) {
    const key = table.find((one) => one.action === element.dataset.key);
    if (key) {
      element.title = `${key.label} (${key.combo.replace("Control", "Ctrl")})`;
      element.setAttribute("aria-keyshortcuts", key.combo);
    }
  }
}
label(document);
document.addEventListener("htmx:after:swap", () => label(document));

// ── Ctrl+K: pages of the menu, actions of this page, or a case number ──
const jump = document.getElementById("jump");
const jumpInput = jump?.querySelector("input");
const jumpList = document.getElementById("jump-list");
let choices = [];

function collect() {
  const seen = new Set();
  const links = [...document.querySelectorAll(".b-nav a, .b-drawer-nav a, .b-tabs a")].map((link) => ({ text: link.textContent.trim(), run: () => link.click(), id: link.href }));
  const actions = [...document.querySelectorAll("main [data-key]")]
    .filter((element) => visible(element) && !element.matches("input"))
    .map((element) => ({ text: table.find((key) => key.action === element.dataset.key)?.label ?? element.textContent.trim(), run: () => element.click(), id: element.dataset.key }));
  // What can be done with the open case, also what its folded menu holds: no step is out of the keyboard's reach.
  const steps = [...document.querySelectorAll("#pane .d-next button, #pane .d-head .b-menu-body button")]
    .filter((button) => !button.dataset.key)
    .map((button) => ({ text: button.textContent.trim(), run: () => { button.closest("details")?.removeAttribute("open"); button.click(); }, id: `step ${button.textContent.trim()}` }));
  return [...steps, ...links, ...actions].filter((one) => one.text && !seen.has(one.id) && seen.add(one.id));
}

function draw() {
  const typed = jumpInput.value.trim();
  const find = jumpInput.dataset.find;
  const hits = choices.filter((one) => one.text.toLowerCase().includes(typed.toLowerCase()));
  if (find && /\d{3}/.test(typed)) hits.unshift({ text: typed, run: () => location.assign(`${find}?q=${encodeURIComponent(typed)}`) });
  jumpList.replaceChildren(
    ...hits.slice(0, 12).map((one, index) => {
      const item = document.createElement("li");
      item.role = "option";
      item.ariaSelected = String(index === 0);
      const link = document.createElement("a");
      link.href = "#";
      link.tabIndex = -1;
      link.textContent = one.text;
      item.append(link);
      item.addEventListener("click", (event) => {
        event.preventDefault();
        jump.close();
        one.run();
      });
      return item;
    }),
  );
}

jump?.addEventListener("b:open", () => {
  choices = collect();
  jumpInput.value = "";
  draw();
  jumpInput.focus();
});
jumpInput?.addEventListener("input", draw);
jumpInput?.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  const items = [...jumpList.children];
  const at = items.findIndex((item) => item.ariaSelected === "true");
  if (event.key === "Enter") {
    event.preventDefault();
    items[at]?.click();
  }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const next = Math.max(0, Math.min(items.length - 1, at + (event.key === "ArrowDown" ? 1 : -1)));
    items.forEach((item, index) => (item.ariaSelected = String(index === next)));
    items[next]?.scrollIntoView({ block: "nearest" });
  }
});
