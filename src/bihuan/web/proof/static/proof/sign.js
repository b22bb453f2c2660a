// Signing with finger, pen or mouse: strokes on a canvas, kept in the form as a picture; the place only when it is given.
const form = document.querySelector("[data-sign]");
const canvas = form.querySelector("canvas");
const done = form.querySelector("[data-done]");
const pen = canvas.getContext("2d");
const LEAST = 12; // points: a slip of the finger is no signature
let points = 0;
let last = null;

function prepare() {
  const scale = Math.min(window.devicePixelRatio || 1, 2);
  canvas.width = Math.round(canvas.clientWidth * scale);
  canvas.height = Math.round(canvas.clientHeight * scale);
  pen.scale(scale, scale);
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.clientWidth, canvas.clientHeight);
  Object.assign(pen, { lineWidth: 2.6, lineCap: "round", lineJoin: "round", strokeStyle: "#10203a" });
  points = 0;
  last = null;
  done.disabled = true;
}

const spot = (event) => {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
};

canvas.addEventListener("pointerdown", (event) => {
  if (!event.isPrimary || event.button !== 0) return;
  canvas.setPointerCapture(event.pointerId);
  last = spot(event);
  event.preventDefault();
});
canvas.addEventListener("pointermove", (event) => {
  if (!last || !event.isPrimary) return;
  for (const step of event.getCoalescedEvents?.() ?? [event]) {
    const next = spot(step);
    pen.beginPath();
    pen.moveTo(...last);
    pen.lineTo(...next);
    pen.stroke();
    last = next;
    points += 1;
  }
  done.disabled = points < LEAST;
});
for (const over of ["pointerup", "pointercancel"]) canvas.addEventListener(over, () => (last = null));

form.querySelector("[data-clear]").addEventListener("click", prepare);
form.querySelector("[data-place]").addEventListener("click", () => {
  const say = (state) => {
    for (const one of ["off", "on", "none"]) form.querySelector(`[data-place-${one}]`).hidden = one !== state;
  };
  if (!navigator.geolocation) return say("none");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      form.elements.lat.value = coords.latitude;
      form.elements.lon.value = coords.longitude;
      form.elements.accuracy.value = coords.accuracy;
      say("on");
    },
    () => say("none"),
    { enableHighAccuracy: true, timeout: 10000 },
  );
});
form.addEventListener("submit", (event) => {
  if (points < LEAST) return event.preventDefault();
  form.elements.picture.value = canvas.toDataURL("image/png");
});
// a phone that is turned gets a fresh field: half a signature stretched to another shape is nobody's
let width = canvas.clientWidth;
window.addEventListener("resize", () => {
  if (canvas.clientWidth !== width) prepare();
  width = canvas.clientWidth;
});
prepare();
