
// Filters, keys and print for the report. All that it needs stands in the page; it adds no text from there as HTML.
(() => {
  "use strict";
  const form = document.querySelector(".filters");
  const findings = [...document.querySelectorAll("details.finding")];
  const groups = [...document.querySelectorAll(".group")];
  const search = form.elements.search;
  const status = form.querySelector(".status");
  const nothing = document.querySelector(".nothing");
  const texts = new Map();

  document.documentElement.classList.add("with-filters");
  form.hidden = false;

  // -- filters ---------------------------------------------------------------------------

  /** All that a finding says, in lower case, with the title of its rule. Read when first searched. */
  function textOf(finding) {
    if (!texts.has(finding)) {
      const group = finding.closest(".group");
      const words = `${group.dataset.words} ${finding.dataset.family} ${finding.textContent}`;
      texts.set(finding, words.replace(/\s+/g, " ").toLowerCase());
    }
    return texts.get(finding);
  }

  /** What the form asks for. */
  function wanted() {
    const chosen = form.querySelectorAll("[name=severity]:checked");
    return {
      severities: new Set([...chosen].map((box) => box.value)),
      family: form.elements.family.value,
      app: form.elements.app ? form.elements.app.value : "*",
      fix: form.elements.fix.value,
      words: search.value.toLowerCase().split(/\s+/).filter(Boolean),
    };
  }

  function isWanted(finding, want) {
    const data = finding.dataset;
    return (
      want.severities.has(data.severity) &&
      (!want.family || data.family === want.family) &&
      (want.app === "*" || data.app === want.app) &&
      (!want.fix || data.fix === want.fix) &&
      want.words.every((word) => textOf(finding).includes(word))
    );
  }

  /** Show what the form asks for, hide the headings of nothing, and say how much is shown. */
  function filter() {
    const want = wanted();
    let shown = 0;
    for (const finding of findings) {
      finding.hidden = !isWanted(finding, want);
      shown += !finding.hidden;
    }
    for (const group of groups) {
      const counter = group.querySelector(".shown");
      const here = group.querySelectorAll(".finding:not([hidden])").length;
      const total = Number(counter.dataset.total);
      counter.textContent = here === total ? String(total) : `${here} of ${total}`;
      group.hidden = !here;
    }
    for (const part of document.querySelectorAll(".level, .app")) {
      part.hidden = !part.querySelector(".finding:not([hidden])");
    }
    nothing.hidden = shown > 0;
    const all = findings.length.toLocaleString("en");
    const count = shown.toLocaleString("en");
    status.textContent = shown === findings.length ? `${all} findings` : `${count} of ${all} findings`;
  }

  function clear() {
    form.reset();
    filter();
  }

  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  nothing.querySelector("button").addEventListener("click", clear);
  form.elements.open.addEventListener("click", (event) => {
    const open = event.currentTarget.getAttribute("aria-pressed") !== "true";
    event.currentTarget.setAttribute("aria-pressed", String(open));
    event.currentTarget.textContent = open ? "Close all" : "Open all";
    for (const finding of findings) {
      if (!finding.hidden || !open) finding.open = open;
    }
  });

  // -- keys ------------------------------------------------------------------------------

  /** Put the focus on the next finding that is shown, or with -1 on the one before. */
  function move(step) {
    const shown = findings.filter((finding) => !finding.hidden);
    const current = shown.indexOf(document.activeElement.closest("details.finding"));
    const next = current < 0 ? (step > 0 ? 0 : shown.length - 1) : current + step;
    if (next >= 0 && next < shown.length) shown[next].querySelector("summary").focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target;
    const isTyping = target === search;
    if (event.key === "Escape") {
      clear();
      if (isTyping) search.blur();
      event.preventDefault();
    } else if (isTyping && event.key === "Enter") {
      move(1);
      event.preventDefault();
    } else if (isTyping || target.tagName === "SELECT") {
      return;
    } else if (event.key === "/") {
      search.focus();
      search.select();
      event.preventDefault();
    } else if (event.key === "j" || event.key === "k") {
      move(event.key === "j" ? 1 : -1);
      event.preventDefault();
    } else if (/^Arrow(Down|Up)$/.test(event.key) && target.matches(".finding > summary")) {
      move(event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
    }
  });

  // -- links -----------------------------------------------------------------------------

  /** Open what a link points at, and show it if the filter hides it. */
  function follow() {
    let id = "";
    try {
      id = decodeURIComponent(location.hash.slice(1));
    } catch {
      return;
    }
    const target = id && document.getElementById(id);
    if (!target) return;
    if (target.closest("[hidden]")) clear();
    for (let part = target; part; part = part.parentElement) {
      if (part.tagName === "DETAILS") part.open = true;
    }
    target.scrollIntoView();
    if (target.tagName === "DETAILS") target.querySelector("summary").focus({ preventScroll: true });
  }

  window.addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) follow(); // no event comes when the address stays the same
  });

  // -- the picture -----------------------------------------------------------------------

  for (const picture of document.querySelectorAll("svg.picture")) {
    const lines = [...picture.querySelectorAll(".lines path")];
    const nodes = new Map([...picture.querySelectorAll(".node")].map((node) => [node.dataset.key, node]));

    /** The boxes and lines that a box is connected with, in one direction. */
    const trace = (key, from, to, near) => {
      for (const line of lines) {
        if (line.dataset[from] !== key || near.has(line)) continue;
        near.add(line);
        near.add(nodes.get(line.dataset[to]));
        trace(line.dataset[to], from, to, near);
      }
    };
    const point = (node) => {
      for (const part of picture.querySelectorAll(".near")) part.classList.remove("near");
      picture.classList.toggle("pointing", Boolean(node));
      if (!node) return;
      const near = new Set([node]);
      trace(node.dataset.key, "from", "to", near);
      trace(node.dataset.key, "to", "from", near);
      for (const part of near) part.classList.add("near");
    };
    picture.addEventListener("pointerover", (event) => point(event.target.closest(".node")));
    picture.addEventListener("pointerleave", () => point(null));
    picture.addEventListener("click", (event) => {
      const node = event.target.closest(".node[data-path]");
      if (!node) return;
      form.reset();
      search.value = `${node.dataset.path}:`;
      filter();
      document.getElementById("findings").scrollIntoView();
    });
  }

  // -- print -----------------------------------------------------------------------------

  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const part of opened) part.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const part of opened) part.open = false;
    opened = [];
  });

  filter();
  follow();
})();
