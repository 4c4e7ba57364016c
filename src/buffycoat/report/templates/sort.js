for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
  const body = table.tBodies[0];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const falling = head.getAttribute("aria-sort") !== "descending";
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", falling ? "descending" : "ascending");
      const key = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
      const order = (one, other) => {
        const [a, b] = [key(one), key(other)];
        const number = Number(a) - Number(b);
        return Number.isNaN(number) ? a.localeCompare(b) : number;
      };
      body.append(...[...body.rows].sort((one, other) => (falling ? order(other, one) : order(one, other))));
    });
  });
}
