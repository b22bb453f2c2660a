// The desk's own manners: a step's form takes the cursor when it comes and can be put away; pages of the phone start on top.
import "../knowledge/modules.js";
import "../proof/proof.js";

const narrow = matchMedia("(max-width: 1080px)");
let shown = document.getElementById("pane")?.dataset.case;

document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-close-step]");
  if (!closer) return;
  event.preventDefault();
  document.getElementById("step")?.replaceChildren();
});

document.addEventListener("htmx:after:swap", () => {
  const form = document.querySelector("#step form");
  if (form && !form.dataset.met) {
    form.dataset.met = "1";
    form.scrollIntoView({ block: "nearest" });
    const field = form.querySelector("[aria-invalid=true], input:not([type=hidden], [type=checkbox]), select, textarea");
    field?.focus({ preventScroll: true });
  }
  const pane = document.getElementById("pane");
  if (narrow.matches && pane?.dataset.case && pane.dataset.case !== shown) scrollTo(0, 0);
  shown = pane?.dataset.case;
});
