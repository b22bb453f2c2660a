// The calendar by keyboard: arrows go from visit to visit, at the edge to the week before or after.
const table = document.querySelector(".f-week");

function step(from, key) {
  const cell = from.closest("td"), row = cell.parentElement;
  const rows = [...table.tBodies[0].rows], column = cell.cellIndex;
  if (key === "ArrowUp" || key === "ArrowDown") {
    const links = rows.flatMap((one) => [...one.cells[column].querySelectorAll("a")]);
    return links[links.indexOf(from) + (key === "ArrowDown" ? 1 : -1)];
  }
  const by = key === "ArrowRight" ? 1 : -1;
  for (let at = column + by; at > 0 && at < row.cells.length; at += by) {
    const found = row.cells[at].querySelector("a") ?? rows.map((one) => one.cells[at].querySelector("a")).find(Boolean);
    if (found) return found;
  }
  return document.querySelector(by > 0 ? '.f-wide a[rel="next"]' : '.f-wide a[rel="prev"]');
}

table?.addEventListener("keydown", (event) => {
  if (!event.key.startsWith("Arrow") || !event.target.matches("a")) return;
  const next = step(event.target, event.key);
  if (next) {
    event.preventDefault();
    next.focus();
  }
});
