// A picture in the dialog: a press shows it in its own size and back.
document.addEventListener("click", (event) => {
  const zoom = event.target.closest("[data-zoom]");
  if (zoom) zoom.classList.toggle("p-zoomed");
});
