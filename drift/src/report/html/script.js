
"use strict";
(() => {
  const root = document.documentElement;
  const all = (query) => Array.from(document.querySelectorAll(query));
  const search = document.getElementById("search");
  const boxes = all(".controls input[type=checkbox]");
  const cards = all(".finding");
  const rows = all(".operation");
  const textOf = new Map([...cards, ...rows].map((one) => [one, one.textContent.toLowerCase()]));

  // The state is in the address, so that a link shows what its sender saw.
  const read = () => new URLSearchParams(location.hash.slice(1));
  const write = (state) => {
    const text = state.toString();
    history.replaceState(null, "", text ? "#" + text : location.pathname + location.search);
  };
  const change = (name, value) => {
    const state = read();
    if (value) state.set(name, value); else state.delete(name);
    write(state);
    show();
  };

  const speak = (language) => {
    root.lang = language;
    for (const button of all("[data-language]")) {
      button.setAttribute("aria-pressed", String(button.dataset.language === language));
    }
    const title = document.querySelector("title");
    document.title = language === "en" ? title.dataset.en : title.dataset.pt;
  };

  const filter = (words, off) => {
    const fits = (one) => words.every((word) => textOf.get(one).includes(word));
    const isOn = (name, value) => !off.has(name + ":" + value);
    let count = 0;
    for (const card of cards) {
      const { severity, spec } = card.dataset;
      card.hidden = !(fits(card) && isOn("severity", severity) && isOn("spec", spec));
      count += card.hidden ? 0 : 1;
    }
    for (const row of rows) row.hidden = !(fits(row) && isOn("spec", row.dataset.spec));
    document.getElementById("n-shown").textContent = String(count);
    document.getElementById("no-match").hidden = count > 0 || cards.length === 0;
  };

  const show = () => {
    const state = read();
    const own = (navigator.language || "").startsWith("pt") ? "pt-BR" : "en";
    const asked = state.get("lang");
    speak(["en", "pt-BR"].includes(asked) ? asked : own);
    const query = state.get("q") || "";
    if (search.value !== query) search.value = query;
    const off = new Set(state.getAll("off"));
    for (const box of boxes) box.checked = !off.has(box.name + ":" + box.value);
    filter(query.toLowerCase().split(/\s+/).filter(Boolean), off);
  };

  search.addEventListener("input", () => change("q", search.value));
  for (const box of boxes) {
    box.addEventListener("change", () => {
      const state = read();
      state.delete("off");
      for (const one of boxes) if (!one.checked) state.append("off", one.name + ":" + one.value);
      write(state);
      show();
    });
  }
  for (const button of all("[data-language]")) {
    button.addEventListener("click", () => change("lang", button.dataset.language));
  }
  for (const button of all(".copy")) {
    button.addEventListener("click", () => {
      const text = button.previousElementSibling;
      getSelection().selectAllChildren(text);
      if (navigator.clipboard) navigator.clipboard.writeText(text.textContent).catch(() => {});
    });
  }
  addEventListener("hashchange", show);
  show();
})();
