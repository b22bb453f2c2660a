// Live news. <bh-live src="/desk/live/?queue=mine"> listens to server-sent events and *announces*: it never adds, moves
// or removes a row under the cursor. The reader decides when to look. Event "news" carries {"text": "3 条新工单", "ids": […]};
// rows already on the page with those ids (data-row) are marked where they stand. Event "presence" carries {"id", "text"}
// for elements with data-presence=id. Several tabs share nothing; a hidden tab lets go of its connection.
class Live extends HTMLElement {
  connectedCallback() {
    this.classList.add("b-live");
    this.setAttribute("aria-live", "polite");
    this.onVisibility = () => (document.hidden ? this.close() : this.open());
    document.addEventListener("visibilitychange", this.onVisibility);
    this.open();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.onVisibility);
    this.close();
  }

  open() {
    if (this.stream || document.hidden || !this.getAttribute("src")) return;
    const url = new URL(this.getAttribute("src"), location.href);
    // The server tells what the list (data-seen of the target) has not seen, also what came while the tab was hidden.
    const target = this.getAttribute("target");
    const seen = target && document.querySelector(target)?.dataset.seen;
    if (seen) url.searchParams.set("after", seen);
    this.stream = new EventSource(url);
    this.stream.addEventListener("news", (event) => this.news(event));
    this.stream.addEventListener("notices", (event) =>
      document.dispatchEvent(new CustomEvent("bh:notices", { detail: JSON.parse(event.data) })));
    this.stream.addEventListener("presence", (event) => this.presence(event));
    this.stream.addEventListener("end", () => this.close());
  }

  close() {
    this.stream?.close();
    this.stream = null;
  }

  news(event) {
    const { text, ids = [] } = JSON.parse(event.data);
    for (const id of ids) document.querySelector(`[data-row="${CSS.escape(String(id))}"]`)?.classList.add("b-new");
    let button = this.querySelector("button");
    if (!button) {
      button = document.createElement("button");
      button.type = "button";
      button.addEventListener("click", () => this.look());
      this.append(button);
    }
    button.textContent = text;
  }

  look() {
    const target = this.getAttribute("target");
    this.replaceChildren();
    if (!target || !window.htmx) return location.reload();
    this.close(); // what the list shows then is counted no more
    htmx.ajax("GET", location.href, { target, select: target, swap: "outerHTML" }).finally(() => this.open());
  }

  presence(event) {
    const { id, text } = JSON.parse(event.data);
    const place = document.querySelector(`[data-presence="${CSS.escape(String(id))}"]`);
    if (place) place.textContent = text;
  }
}
customElements.define("bh-live", Live);
