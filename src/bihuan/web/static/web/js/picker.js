// <bh-picker src="/areas.json" name="area" value="320402" label="江苏省 常州市 天宁区">: one field for a long tree.
// The server answers GET src?q=tnq (pinyin initials, pinyin, words, code) or ?parent=ID with
// [{"id": "320402", "label": "天宁区", "path": "江苏省 常州市", "leaf": true}]. Without JavaScript the server's own
// <input name> inside stays usable. Attributes: placeholder, required, any ("any": inner nodes may be chosen too), input-id.
let counter = 0;

class Picker extends HTMLElement {
  connectedCallback() {
    if (this.input) return;
    this.counter = ++counter;
    const inner = this.querySelector("input, select");
    this.hidden_ = document.createElement("input");
    this.hidden_.type = "hidden";
    this.hidden_.name = this.getAttribute("name") ?? inner?.name ?? "";
    this.hidden_.value = this.getAttribute("value") ?? inner?.value ?? "";
    this.input = document.createElement("input");
    Object.assign(this.input, { type: "text", autocomplete: "off", spellcheck: false, role: "combobox", id: this.getAttribute("input-id") ?? inner?.id ?? "", className: "b-input" });
    this.input.value = this.label = this.getAttribute("label") ?? "";
    this.input.placeholder = this.getAttribute("placeholder") ?? "";
    for (const name of ["aria-describedby", "aria-invalid", "aria-label"]) if (this.hasAttribute(name)) this.input.setAttribute(name, this.getAttribute(name));
    this.list = document.createElement("ul");
    this.list.role = "listbox";
    this.list.id = `picker-${this.counter}`;
    this.list.hidden = true;
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.setAttribute("aria-expanded", "false");
    this.replaceChildren(this.hidden_, this.input, this.list);
    this.input.addEventListener("input", (event) => event.isComposing || this.later());
    this.input.addEventListener("compositionend", () => this.later());
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("click", () => this.list.hidden && this.ask({ parent: "" }));
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.leave(), 120));
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const q = this.input.value.trim();
      if (q) this.ask({ q });
      else {
        this.set("", "");
        this.ask({ parent: "" });
      }
    }, 140);
  }

  async ask(what) {
    this.abort?.abort();
    this.abort = new AbortController();
    const url = new URL(this.getAttribute("src"), location.href);
    for (const [key, value] of Object.entries(what)) url.searchParams.set(key, value);
    try {
      const answer = await fetch(url, { signal: this.abort.signal, headers: { Accept: "application/json" } });
      if (answer.ok) this.show(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") this.shut();
    }
  }

  show(options) {
    this.options = options;
    this.list.replaceChildren(
      ...options.map((option, index) => {
        const item = document.createElement("li");
        item.role = "option";
        item.id = `${this.list.id}-${index}`;
        item.ariaSelected = String(index === 0);
        const label = document.createElement("span");
        label.textContent = option.label;
        const path = document.createElement("small");
        path.textContent = option.path ?? "";
        item.append(label, path);
        if (!option.leaf) {
          const more = document.createElement("span");
          more.className = "b-more";
          more.textContent = "›";
          item.append(more);
        }
        item.addEventListener("pointerdown", (event) => {
          event.preventDefault(); // keeps the focus in the field
          this.choose(index);
        });
        return item;
      }),
    );
    this.list.hidden = options.length === 0;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.mark(0);
  }

  mark(index) {
    [...this.list.children].forEach((item, at) => (item.ariaSelected = String(at === index)));
    const item = this.list.children[index];
    item?.scrollIntoView({ block: "nearest" });
    if (item) this.input.setAttribute("aria-activedescendant", item.id);
    this.at = index;
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const size = this.list.hidden ? 0 : this.list.children.length;
    if (event.key === "ArrowDown" && !size) this.ask(this.input.value && this.input.value !== this.label ? { q: this.input.value } : { parent: "" });
    else if (event.key === "ArrowDown") this.mark(Math.min(size - 1, this.at + 1));
    else if (event.key === "ArrowUp" && size) this.mark(Math.max(0, this.at - 1));
    else if (event.key === "Enter" && size && !event.ctrlKey) this.choose(this.at);
    else if (event.key === "ArrowRight" && size && !this.options[this.at].leaf && this.input.selectionStart === this.input.value.length) this.ask({ parent: this.options[this.at].id });
    else if (event.key === "Escape" && size) this.shut();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  choose(index) {
    const option = this.options[index];
    if (!option) return;
    this.set(option.id, [option.path, option.label].filter(Boolean).join(" "));
    if (option.leaf || this.hasAttribute("any-shut")) this.shut();
    else this.ask({ parent: option.id });
  }

  set(id, label) {
    const changed = this.hidden_.value !== String(id);
    this.hidden_.value = id;
    this.input.value = this.label = label;
    if (changed) this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  leave() {
    if (this.input.value !== this.label) this.input.value = this.label; // half-typed words choose nothing
    this.shut();
  }

  shut() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
customElements.define("bh-picker", Picker);
