// Names under the search box while somebody types: the combobox of the ARIA Authoring Practices, with a list.
// Without this file the box is a plain search box. Nothing is sent before two letters, and nothing is kept.

const WAIT = 180; // milliseconds after the last letter
const LEAST = 2;

class Suggest {
  constructor(form) {
    this.input = form.querySelector("input[name=q]");
    this.address = form.dataset.suggest;
    this.options = [];
    this.at = -1;
    this.asked = null;
    this.answers = new Map();
    this.build(form.dataset.suggestLabel);
    this.listen();
  }

  build(label) {
    const box = document.createElement("div");
    box.className = "suggest";
    this.input.replaceWith(box);
    this.list = document.createElement("div");
    this.list.id = `${this.input.id}-suggestions`;
    this.list.className = "suggest-list";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", label);
    this.list.hidden = true;
    this.status = document.createElement("p");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    box.append(this.input, this.list, this.status);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id,
    })) this.input.setAttribute(name, value);
  }

  listen() {
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    // A press moves the focus away before the click arrives; a finger that scrolls does not click.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.go(option);
    });
  }

  later() {
    clearTimeout(this.timer);
    this.asked?.abort();
    const words = this.input.value.trim();
    if (words.length < LEAST) return this.close();
    this.timer = setTimeout(() => this.ask(words), WAIT);
  }

  async ask(words) {
    const key = words.toLowerCase();
    if (!this.answers.has(key)) {
      this.asked = new AbortController();
      try {
        const answer = await fetch(`${this.address}?q=${encodeURIComponent(words)}`, {
          signal: this.asked.signal, credentials: "omit", headers: { Accept: "application/json" },
        });
        if (!answer.ok) return this.close();
        this.answers.set(key, await answer.json());
      } catch {
        return; // asked anew meanwhile, or no connection: the box searches as always
      }
    }
    if (this.input.value.trim() === words && document.activeElement === this.input) this.show(this.answers.get(key));
  }

  show({ groups, says }) {
    this.options = [];
    this.list.replaceChildren(...groups.map((group, number) => this.group(group, number)));
    this.choose(-1);
    const any = this.options.length > 0;
    this.list.hidden = !any;
    this.input.setAttribute("aria-expanded", String(any));
    this.status.textContent = says;
  }

  group({ label, options }, number) {
    const group = document.createElement("div");
    const title = document.createElement("div");
    title.id = `${this.list.id}-${number}`;
    title.className = "suggest-title";
    title.textContent = label;
    group.setAttribute("role", "group");
    group.setAttribute("aria-labelledby", title.id);
    group.append(title, ...options.map((one) => this.option(one)));
    return group;
  }

  option({ label, detail, url }) {
    const option = document.createElement("div");
    option.id = `${this.list.id}-option-${this.options.length}`;
    option.className = "suggest-option";
    option.dataset.url = url;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.append(label);
    if (detail) {
      const small = document.createElement("small");
      small.textContent = detail;
      option.append(" ", small);
    }
    this.options.push(option);
    return option;
  }

  key(event) {
    const open = !this.list.hidden;
    if (event.key === "Escape" && open) this.close();
    else if (event.key === "ArrowDown" && !open) return this.later();
    else if (event.key === "ArrowDown") this.choose(this.at + 1 < this.options.length ? this.at + 1 : -1);
    else if (event.key === "ArrowUp" && open) this.choose(this.at < 0 ? this.options.length - 1 : this.at - 1);
    else if (event.key === "Enter" && open && this.at >= 0) this.go(this.options[this.at]);
    else return;
    event.preventDefault();
  }

  // -1 is the box itself with what was typed.
  choose(at) {
    this.options[this.at]?.setAttribute("aria-selected", "false");
    this.at = at;
    const option = this.options[at];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  close() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.choose(-1);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.status.textContent = "";
  }

  go(option) {
    this.close();
    location.assign(option.dataset.url);
  }
}

for (const form of document.querySelectorAll("form[data-suggest]")) new Suggest(form);
