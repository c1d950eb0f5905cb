// Saves each text of the minutes by itself, some seconds after the last key. Without this script the button does it.

const WAIT = 4000;

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const text = form.elements.text;
  const told = form.querySelector("output");
  let saved = text.value;
  let timer = 0;
  let busy = false;
  let stopped = false;

  const schedule = () => {
    window.clearTimeout(timer);
    if (!stopped) timer = window.setTimeout(save, WAIT);
  };

  const save = async () => {
    if (busy) return schedule();
    if (stopped || text.value === saved) return;
    busy = true;
    const sent = text.value;
    const data = new FormData(form);
    data.set("do", "save");
    try {
      const answer = await fetch(form.getAttribute("action").split("#")[0] || window.location.pathname, {
        method: "POST", body: data, headers: { Accept: "application/json" }, redirect: "manual", credentials: "same-origin",
      });
      const kind = answer.headers.get("Content-Type") || "";
      const result = kind.includes("json") ? await answer.json() : { state: "refused" };
      if (result.state === "saved") {
        saved = sent;
        form.elements.seen.value = result.seen;
        told.textContent = `${told.dataset.saved} ${result.at}`;
      } else {
        stopped = true; // from here on a person decides
        told.textContent = result.state === "conflict" ? told.dataset.conflict : told.dataset.refused;
      }
    } catch {
      told.textContent = told.dataset.offline;
      timer = window.setTimeout(save, WAIT * 4);
    }
    busy = false;
    if (text.value !== saved && !stopped) schedule();
  };

  text.addEventListener("input", () => {
    told.textContent = text.value === saved ? "" : told.dataset.unsaved;
    schedule();
  });
  form.addEventListener("submit", () => {
    stopped = true;
    window.clearTimeout(timer);
    saved = text.value;
  });
  window.addEventListener("beforeunload", (event) => {
    if (text.value !== saved) event.preventDefault();
  });
}
