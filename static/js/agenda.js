// Lets the items of an agenda be dragged into order with a mouse. Without this script, on a phone and by keyboard the
// buttons "up" and "down" do it.

for (const list of document.querySelectorAll("ol[data-drag]")) {
  const form = document.getElementById(list.dataset.drag);
  const rows = () => [...list.children];
  const order = () => rows().map((row) => row.dataset.key).join();
  const first = rows();
  const firstOrder = order();
  let moving = null;

  if (rows().length > 1 && window.matchMedia("(pointer: fine)").matches) {
    const told = document.createElement("p");
    told.className = "small-print";
    told.textContent = list.dataset.told;
    list.before(told);
    for (const row of rows()) {
      row.draggable = true;
      row.classList.add("draggable");
    }
  }

  list.addEventListener("dragstart", (event) => {
    const row = event.target.closest("li[data-key]");
    if (!row || event.target !== row) return; // a link or a picked text is dragged as ever
    moving = row;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", row.dataset.key);
    row.classList.add("dragged");
  });

  list.addEventListener("dragover", (event) => {
    if (!moving) return;
    event.preventDefault();
    const over = event.target.closest("li[data-key]");
    if (!over || over === moving) return;
    const box = over.getBoundingClientRect();
    list.insertBefore(moving, event.clientY < box.top + box.height / 2 ? over : over.nextSibling);
  });

  list.addEventListener("drop", (event) => event.preventDefault());

  list.addEventListener("dragend", (event) => {
    moving?.classList.remove("dragged");
    moving = null;
    if (event.dataTransfer.dropEffect === "none") list.append(...first); // let go elsewhere, or given up with Escape
    if (order() === firstOrder) return;
    for (const row of rows()) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = "item";
      field.value = row.dataset.key;
      form.append(field);
    }
    form.submit();
  });
}
