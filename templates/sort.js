"use strict";
// Makes tables marked data-sortable sortable. Without it they stay in the order in which they were written.
for (const table of document.querySelectorAll("table[data-sortable]")) {
  const headers = [...table.tHead.rows[0].cells];
  const compareText = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
  const sortBy = (column) => {
    const header = headers[column];
    const isText = header.dataset.kind === "text";
    const before = header.getAttribute("aria-sort");
    const rises = before ? before === "descending" : isText;
    const value = (row) => row.cells[column].dataset.value;
    const compare = isText ? (a, b) => compareText(value(a), value(b)) : (a, b) => value(a) - value(b);
    const rows = [...table.tBodies[0].rows].sort((a, b) => (rises ? compare(a, b) : compare(b, a)));
    table.tBodies[0].append(...rows);
    for (const other of headers) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", rises ? "ascending" : "descending");
  };
  headers.forEach((header, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    button.addEventListener("click", () => sortBy(column));
    header.append(button);
  });
}
