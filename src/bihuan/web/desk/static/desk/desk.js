// The desk's own manners: a step's form takes the cursor when it comes and can be put away; pages of the phone start on top.
const narrow = matchMedia("(max-width: 1080px)");

document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-close-step]");
  if (!closer) return;
  event.preventDefault();
  document.getElementById("step")?.replaceChildren();
});

document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail.ctx?.target;
  const step = document.getElementById("step");
  if (target?.id === "step" && step?.childElementCount) {
    step.scrollIntoView({ block: "nearest" });
    const field = step.querySelector("[aria-invalid], input:not([type=hidden]):not([type=checkbox]), select, textarea");
    field?.focus({ preventScroll: true });
  }
  if (target?.id === "pane" && narrow.matches) scrollTo(0, 0);
});
