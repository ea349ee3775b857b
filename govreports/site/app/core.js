/* What all pages share: loading pieces, building elements, language and theme, the frame of a page, downloads.
   Belongs here: whatever knows nothing of indicators. Texts are only ever put in as text, never as HTML. */
"use strict";
const govreports = (() => {
  const root = document.documentElement.dataset.root;
  const arrived = new Map();
  const waiting = new Map();

  // -- pieces --------------------------------------------------------------------------------------------------------

  /** Called by the script of a piece. */
  function piece(name, data) {
    arrived.set(name, data);
    waiting.get(name)?.(data);
    waiting.delete(name);
  }

  const asked = new Map();
  /** A piece by name. Scripts may be loaded from the disk, where fetch may not. */
  function load(name) {
    if (arrived.has(name)) return Promise.resolve(arrived.get(name));
    if (!asked.has(name)) {
      asked.set(name, new Promise((resolve, reject) => {
        waiting.set(name, resolve);
        const script = document.createElement("script");
        script.src = `${root}data/${name}.js`;
        script.onerror = () => reject(new Error(`data/${name}.js`));
        document.head.append(script);
      }));
    }
    return asked.get(name);
  }

  /** Rows of a `{columns, words, rows}` table as objects. */
  function objects(table) {
    const words = table.columns.map(name => table.words[name]);
    return table.rows.map(row => Object.fromEntries(table.columns.map((name, i) => [name, words[i] && row[i] !== null ? words[i][row[i]] : row[i]])));
  }

  // -- elements ------------------------------------------------------------------------------------------------------

  const SVG = "http://www.w3.org/2000/svg";
  const SVG_TAGS = new Set(["svg", "path", "circle", "line", "g", "rect"]);
  /** An element: h("a.name", {href, onclick, dataset}, ...children). Strings become text; null and false are left out. */
  function h(spec, properties = {}, ...children) {
    if (properties === null || typeof properties !== "object" || properties instanceof Node || Array.isArray(properties)) {
      children.unshift(properties);
      properties = {};
    }
    const [tag, ...classes] = spec.split(".");
    const element = SVG_TAGS.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
    if (classes.length) element.setAttribute("class", classes.join(" "));
    for (const [name, value] of Object.entries(properties)) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (name === "dataset") Object.assign(element.dataset, value);
      else if (name === "style") for (const [k, v] of Object.entries(value)) element.style.setProperty(k, v);
      else if (name in element && !(element instanceof SVGElement) && !["list", "form"].includes(name)) element[name] = value;
      else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.flat(3).filter(child => child !== null && child !== undefined && child !== false));
    return element;
  }

  const $ = (selector, within = document) => within.querySelector(selector);

  /** Replace what an element holds. */
  function fill(element, ...children) {
    element.replaceChildren(...children.flat(3).filter(child => child !== null && child !== undefined && child !== false));
    return element;
  }

  // -- what the reader chose -----------------------------------------------------------------------------------------

  function remembered(name) {
    try { return localStorage.getItem(`govreports.${name}`); } catch { return null; }
  }
  function remember(name, value) {
    try { localStorage.setItem(`govreports.${name}`, value); } catch { /* private windows remember nothing */ }
  }

  const choice = { lang: remembered("lang") ?? (navigator.language.startsWith("zh") ? "zh" : "en") };
  const wanted = new URLSearchParams(location.search).get("lang");
  if (wanted === "zh" || wanted === "en") {
    choice.lang = wanted;
    remember("lang", wanted);
  }
  const chinese = () => choice.lang === "zh";
  /** One of two texts. */
  const either = (zh, en) => (chinese() ? zh : en) ?? zh ?? en ?? "";

  function applyTheme() {
    const theme = remembered("theme") ?? "auto";
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    return theme;
  }
  applyTheme();

  /** What stands behind the # of the address, as an object. */
  function state() {
    return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  }
  function setState(changes) {
    const next = new URLSearchParams(Object.entries({ ...state(), ...changes }).filter(([, v]) => v !== null && v !== ""));
    history.replaceState(null, "", `${location.pathname}${location.search}#${next}`);
  }

  /** What lets this reader write corrections: it comes with the address that `--serve` prints, and stays in this tab. */
  function token() {
    const given = state().token;
    try {
      if (given) sessionStorage.setItem("govreports.token", given);
      return sessionStorage.getItem("govreports.token") ?? "";
    } catch { return given ?? ""; }
  }
  if (token() && state().token) setState({ token: null });

  // -- the frame -----------------------------------------------------------------------------------------------------

  const pages = [];
  /** Draw the page: `draw(main)` is called now and whenever the language changes. */
  function frame(draw, current) {
    pages.push({ draw, current });
    redraw();
  }

  function redraw() {
    const { draw, current } = pages[0];
    document.documentElement.lang = chinese() ? "zh-Hans" : "en";
    const main = h("main", { id: "main", tabIndex: -1 });
    fill(document.body, h("a.skip", { href: "#main", onclick: skip }, either("跳到正文", "Skip to content")), header(current), main, footer());
    draw(main);
  }

  function skip(event) {
    event.preventDefault();
    $("#main").focus();
  }

  function header(current) {
    const link = (page, label) => h("a", { href: `${root}${page}.html`, "aria-current": current === page ? "page" : null }, label);
    return h("header.top",
      h("a.brand", { href: `${root}index.html` }, h("span.mark", { "aria-hidden": "true" }, "政"), "govreports"),
      h("nav", { "aria-label": either("页面", "Pages") }, link("index", either("比较", "Compare")), link("quality", either("质量", "Quality"))),
      h("div.switches",
        h("button.plain", { id: "language", title: either("Switch to English", "切换为中文"), onclick: switchLanguage }, either("English", "中文")),
        h("button.plain", { id: "theme", title: either("明暗", "Light or dark"), onclick: switchTheme }, themeLabel())));
  }

  function switchLanguage() {
    choice.lang = chinese() ? "en" : "zh";
    remember("lang", choice.lang);
    redraw();
    $("#language").focus();
  }

  const THEMES = ["auto", "light", "dark"];
  function themeLabel() {
    const labels = { auto: ["自动", "Auto"], light: ["浅色", "Light"], dark: ["深色", "Dark"] };
    return either(...labels[applyTheme()]);
  }
  function switchTheme() {
    remember("theme", THEMES[(THEMES.indexOf(applyTheme()) + 1) % THEMES.length]);
    $("#theme").textContent = themeLabel();
  }

  function footer() {
    return h("footer.bottom", h("span.build"), h("span", either(
      "数字均出自各地政府报告原文，可点击追溯到所在句子。", "Every number is read from a government report and leads to its sentence.")));
  }

  /** Say of what build the page is. */
  function built(index) {
    const build = index.build;
    const hash = (build.content_hash ?? "").slice(0, 12);
    $("footer .build")?.replaceChildren(`govreports ${build.package_version ?? ""} · ${hash}`);
  }

  /** Show that something could not be loaded, instead of an empty page. */
  function failed(main, error) {
    fill(main, h("p.notice", { role: "alert" }, either(`缺少数据文件 ${error.message}，请重新构建站点。`,
      `The data file ${error.message} is missing: build the site again.`)));
    throw error;
  }

  // -- downloads -----------------------------------------------------------------------------------------------------

  function download(name, blob) {
    const link = h("a", { href: URL.createObjectURL(blob), download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  /** A cell of a CSV file. Spreadsheets run text that starts like a formula: an apostrophe keeps it a text. */
  function csvCell(value) {
    if (value === null || value === undefined) return "";
    if (typeof value === "number") return String(value);
    let text = String(value);
    if (/^[\s]*[=+\-@]/.test(text) || /^[\t\r\n]/.test(text)) text = `'${text}`;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }

  /** The text of a CSV file, with the byte order mark that lets Excel see it is UTF-8. */
  function csv(columns, rows) {
    return "\ufeff" + [columns, ...rows].map(row => row.map(csvCell).join(",")).join("\r\n") + "\r\n";
  }

  function downloadCsv(name, columns, rows) {
    download(`${name}.csv`, new Blob([csv(columns, rows)], { type: "text/csv;charset=utf-8" }));
  }

  return {
    root, token, piece, load, objects, h, $, fill, state, setState, frame, redraw, built, failed, either, chinese, remember, remembered,
    download, csv, csvCell, downloadCsv,
  };
})();
if (typeof module !== "undefined") module.exports = govreports;
