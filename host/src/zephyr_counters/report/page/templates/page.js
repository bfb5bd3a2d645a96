// Copyright (c) 2026 zephyr-counters contributors
// SPDX-License-Identifier: Apache-2.0
"use strict";
document.documentElement.classList.add("js");

// A column's cells compare by data-value if they have one; empty ones are always last.
function key(row, column, kind) {
  const cell = row.cells[column];
  if (kind === "text") return cell.textContent.trim().toLowerCase();
  return cell.dataset.value === "" ? null : Number(cell.dataset.value);
}

function sort(header, column) {
  const table = header.closest("table");
  const body = table.tBodies[0];
  const kind = header.dataset.sort;
  const first = kind === "number" && column > 0 ? "descending" : "ascending";
  const other = first === "ascending" ? "descending" : "ascending";
  const order = header.getAttribute("aria-sort") === first ? other : first;
  const sign = order === "ascending" ? 1 : -1;
  const rows = Array.from(body.rows, (row) => [key(row, column, kind), row]);
  rows.sort(([a], [b]) => {
    if (a === null || b === null) return (a === null) - (b === null);
    return sign * (kind === "text" ? a.localeCompare(b) : a - b);
  });
  for (const one of header.parentNode.cells) one.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", order);
  body.append(...rows.map(([, row]) => row));
}

for (const header of document.querySelectorAll("table.sortable th[data-sort]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = header.textContent;
  button.addEventListener("click", () => sort(header, header.cellIndex));
  header.replaceChildren(button);
}

// A layer is marked everywhere while the pointer is on it anywhere.
function mark(event, marked) {
  const from = event.target.closest("[data-layer]");
  if (!from) return;
  for (const one of document.querySelectorAll("[data-layer]")) {
    if (one.dataset.layer === from.dataset.layer) one.classList.toggle("marked", marked);
  }
}
document.addEventListener("pointerover", (event) => mark(event, true));
document.addEventListener("pointerout", (event) => mark(event, false));

// A link to a layer opens its details.
function reveal(name) {
  const target = document.getElementById(name);
  if (target instanceof HTMLDetailsElement) target.open = true;
  return target;
}
const open = () => reveal(location.hash.slice(1));
addEventListener("hashchange", open);
// In a notebook's frame (srcdoc), links would lead to the notebook's own address.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || location.protocol !== "about:") return;
  event.preventDefault();
  const target = reveal(link.getAttribute("href").slice(1));
  if (target) target.scrollIntoView();
});
addEventListener("beforeprint", () => {
  for (const one of document.querySelectorAll("#each > details")) one.open = true;
});
open();
