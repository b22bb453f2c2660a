// The bell of the top bar. Where the page already listens to live news (bh-live), the bell listens with it; elsewhere it
// opens a stream of its own that tells of notices only. Event "notices" carries {"count", "shown"}.
class Bell extends HTMLElement {
  connectedCallback() {
    this.onTold = (event) => this.show(event.detail);
    document.addEventListener("bh:notices", this.onTold);
    this.onVisibility = () => (document.hidden ? this.close() : this.open());
    document.addEventListener("visibilitychange", this.onVisibility);
    this.open();
  }

  disconnectedCallback() {
    document.removeEventListener("bh:notices", this.onTold);
    document.removeEventListener("visibilitychange", this.onVisibility);
    this.close();
  }

  open() {
    if (this.stream || document.hidden || document.querySelector("bh-live[src]")) return;
    this.stream = new EventSource(this.getAttribute("src"));
    this.stream.addEventListener("notices", (event) => this.show(JSON.parse(event.data)));
  }

  close() {
    this.stream?.close();
    this.stream = null;
  }

  show({ count, shown }) {
    this.textContent = shown;
    this.hidden = !count;
  }
}
customElements.define("bh-bell", Bell);
