// The queue: what is new is counted only where the filters ask for it, and rows are walked by keys.
"use strict";

const queue = document.querySelector("[data-queue]");
const rows = () => [...document.querySelectorAll("tr[data-case]")];

// A case that changed and is not shown is asked for, one after the other; one that the filters do not
// ask for is not counted. After a rush everything is counted, and the reload tells.
const asking = [];
let busy = false;
const fresh = new Set();
const count = (number) => {
  const button = document.querySelector("[data-new]");
  fresh.add(number);
  button.hidden = false;
  button.querySelector("[data-count]").textContent = fresh.size;
};
const ask = async () => {
  if (busy) return;
  busy = true;
  try {
    while (asking.length > 0) {
      const number = asking.shift();
      if (fresh.has(number)) continue;
      if (asking.length > 20) {
        count(number);
        continue;
      }
      try {
        const found = await fetch(`/queue/rows/${encodeURIComponent(number)}${new URL(queue.dataset.queue, location).search}`);
        if (found.ok && !(await found.text()).includes('class="moved-on"')) count(number);
      } catch {
        count(number); // not to be asked for now: the reload tells
      }
    }
  } finally {
    busy = false;
  }
};
document.addEventListener("recourse:case", (e) => {
  const { number } = e.detail;
  if (document.querySelector(`[data-case="${CSS.escape(number)}"]`)) return;
  asking.push(number);
  ask();
});

// What was ticked stays ticked when a row is written anew, and where the reader is stays so, too.
const bulk = document.getElementById("bulk");
const ticked = new Set();
let here = null;
const chosen = () => {
  const place = document.querySelector("[data-chosen]");
  if (bulk) bulk.classList.toggle("ticked", ticked.size > 0);
  if (place) place.textContent = ticked.size > 0 ? String(ticked.size) : "";
};
// One box at a time: a row that was just written anew and not ticked again yet must not count as unticked.
const note = (box) => {
  box.checked ? ticked.add(box.value) : ticked.delete(box.value);
  chosen();
};
if (bulk) {
  for (const box of document.querySelectorAll('input[name="case"]')) note(box);
  bulk.addEventListener("change", (e) => {
    if (e.target.name === "case") note(e.target);
  });
}
document.addEventListener("htmx:after:swap", () => {
  for (const box of document.querySelectorAll('input[name="case"]')) box.checked ||= ticked.has(box.value);
  mark();
});

const mark = () => {
  for (const row of rows()) row.classList.toggle("here", row.dataset.case === here);
};
const go = (step) => {
  const all = rows();
  if (all.length === 0) return;
  const at = all.findIndex((r) => r.dataset.case === here);
  const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
  here = next.dataset.case;
  mark();
  next.querySelector("a").focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
};
document.addEventListener("focusin", (e) => {
  const row = e.target.closest("tr[data-case]");
  if (row) {
    here = row.dataset.case;
    mark();
  }
});
document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || e.target.closest('input:not([type="checkbox"]), textarea, select, details[open].panel')) return;
  const row = rows().find((r) => r.dataset.case === here);
  switch (e.key) {
    case "j":
    case "ArrowDown":
      go(1);
      break;
    case "k":
    case "ArrowUp":
      go(-1);
      break;
    case "x":
      row?.querySelector('input[name="case"]')?.click();
      break;
    case "Enter":
      if (!row || e.target.closest("a, button, summary, input")) return;
      row.querySelector("a").click();
      break;
    default:
      return;
  }
  e.preventDefault();
});
