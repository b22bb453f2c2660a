// The hotline form: one hidden field says which button was meant; suggestions and the caller's last place fill in fields.
const form = document.getElementById("call");
const done = form.elements.namedItem("done");
const spot = document.getElementById("on-the-spot");

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-done]");
  if (button?.dataset.done === "answer") {
    spot.hidden = false;
    spot.querySelector("textarea").focus();
  } else if (button) done.value = button.dataset.done === "answer-now" ? "answer" : button.dataset.done;
  const suggestion = event.target.closest("[data-suggest]");
  if (suggestion) pick("category", suggestion.dataset.suggest, suggestion.dataset.label);
});

form.addEventListener("submit", (event) => {
  if (!event.submitter?.dataset?.done) done.value = spot.hidden ? "register" : "answer";
});

function pick(name, value, label) {
  const picker = [...form.querySelectorAll("bh-picker")].find((one) => one.getAttribute("name") === name);
  picker?.set(value, label);
}

// A caller we know, her number complete, her place filled in: the next thing she says are words. The cursor waits there,
// unless the agent has gone on by herself.
document.addEventListener("htmx:after:swap", () => {
  const number = form.elements.namedItem("calling_number");
  if (document.activeElement !== number || number.value.replace(/\D/g, "").length < 11) return;
  if (document.querySelector("#caller [data-returning]")) form.elements.namedItem("content").focus();
});

// The place of the caller's last complaint is offered where none was chosen yet; the agent sees and may change it.
document.addEventListener("htmx:after:swap", () => {
  const told = document.querySelector("[data-prefill-area]")?.dataset.prefillArea;
  const area = [...form.querySelectorAll("bh-picker")].find((one) => one.getAttribute("name") === "area");
  if (!told || !area || area.querySelector("input[type=hidden]")?.value) return;
  fetch(`/pick/areas/?q=${encodeURIComponent(told)}`)
    .then((answer) => answer.json())
    .then(([found]) => found && area.set(found.id, [found.path, found.label].filter(Boolean).join(" ")));
});
