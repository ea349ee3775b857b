/* The charts, drawn by Observable Plot, and what they have in common: size, keys, PNG.
   Belongs here: how rows become marks. Does not belong here: which rows (see overview.js, region.js). */
"use strict";
(() => {
  const { h, either, scale, value, bare, download, code } = govreports;
  const LABEL = 12;

  /** Names take as much room as their characters do: a Chinese one is as wide as two Latin ones. */
  function widthOf(text) {
    let width = 0;
    for (const char of text) width += char.codePointAt(0) > 0x2e80 ? LABEL : LABEL * 0.58;
    return width;
  }

  const COMMON = { style: { background: "transparent", fontFamily: "var(--sans)", fontSize: "12px", color: "var(--soft)" } };
  const room = element => Math.max(280, Math.floor(element.clientWidth || 640));

  /** Ranked bars. Rows: {label, amount, unit, bound, status, href, title}. */
  function bars(element, rows) {
    const unit = rows[0].unit;
    const { factor, label } = scale(Math.max(...rows.map(row => Math.abs(row.amount))), unit);
    const narrow = room(element) < 460;
    const shown = new Map(rows.map(row => [row.key, narrow ? row.short ?? row.label : row.label]));
    const left = Math.min(Math.max(...[...shown.values()].map(widthOf)) + 14, narrow ? 130 : 200);
    const negative = Math.min(0, ...rows.map(row => row.amount));
    const svg = Plot.plot({
      ...COMMON,
      width: room(element), marginLeft: left, marginRight: narrow ? 52 : 64, marginTop: 30, marginBottom: 8,
      height: rows.length * 23 + 38,
      x: { axis: "top", label, labelAnchor: "left", labelArrow: "none", labelOffset: 29, grid: true, ticks: narrow ? 3 : 6, zero: true, nice: negative < 0 },
      y: { label: null, domain: rows.map(row => row.key), tickFormat: key => shown.get(key), tickSize: 0, padding: 0.22, align: 0, round: false },
      marks: [
        Plot.barX(rows, {
          x: row => row.amount / factor, y: "key", href: "href", rx: 2,
          fill: row => tinted(row.status),
          stroke: row => `var(--${row.status})`, strokeWidth: row => (row.status === "actual" ? 0 : 1.2),
          strokeDasharray: row => (row.status === "estimated" ? "4 2" : null),
          ariaLabel: row => `${row.label} ${row.title}`,
        }),
        Plot.ruleX([0], { stroke: "var(--faint)" }),
        Plot.text(rows, {
          x: row => Math.max(0, row.amount) / factor, y: "key", text: row => bare(row.amount, factor, row.bound) + (unit === "PT" ? "%" : ""),
          textAnchor: "start", dx: 5, fill: "var(--ink)", fontVariant: "tabular-nums",
        }),
        Plot.tip(rows, Plot.pointerY({ x: row => row.amount / factor, y: "key", title: row => `${row.label}\n${row.title}`, fill: "var(--paper)", stroke: "var(--line)" })),
      ],
    });
    // A link is in the order of the keyboard by itself; Plot repeats what it is on each mark.
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", either("排名条形图", "Ranked bars"));
    element.replaceChildren(svg);
  }

  /** Outturns are full, estimates half, targets empty: they differ in more than colour. */
  const tinted = status => `color-mix(in srgb, var(--${status}) ${{ actual: 92, estimated: 50 }[status] ?? 14}%, var(--paper))`;

  /** Lines over years. Series: {key, label, colour, points: [{year, amount, status, …}], targets: [{year, low, high, actual, verdict, title}]}. */
  function lines(element, series, context, unit) {
    const amounts = [...series, ...context].flatMap(s => [...s.points.map(p => p.amount), ...(s.targets ?? []).flatMap(t => [t.low, t.high])])
      .filter(amount => amount !== null && amount !== undefined);
    const { factor, label } = scale(Math.max(...amounts.map(Math.abs)), unit);
    const years = [...series, ...context].flatMap(s => [...s.points, ...(s.targets ?? [])].map(p => p.year));
    const [first, last] = [Math.min(...years), Math.max(...years)];
    const pad = first === last ? 1 : 0.35;
    const points = series.flatMap(s => s.points.map(p => ({ ...p, ...s })));
    const targets = series.flatMap(s => (s.targets ?? []).map(t => ({ ...t, key: s.key, label: s.label, colour: s.colour, middle: middle(t) })));
    const ends = endLabels(series, factor, room(element));
    const all = [...points.map(p => ({ ...p, y: p.amount / factor })), ...targets.map(t => ({ ...t, y: t.middle / factor }))];
    const svg = Plot.plot({
      ...COMMON,
      width: room(element), height: Math.min(470, Math.max(300, room(element) * 0.86)),
      marginLeft: 52, marginRight: ends.width, marginTop: 30, marginBottom: 28,
      x: { label: null, domain: [first - pad, last + pad], ticks: Array.from({ length: last - first + 1 }, (_, i) => first + i).filter((_, i, list) => i % Math.ceil(list.length / (room(element) / 55)) === 0), tickFormat: year => String(year), tickSize: 4 },
      y: { label: `↑ ${label}`, grid: true, nice: true, ticks: 6, zero: unit !== "PT" },
      marks: [
        Plot.ruleY([0], { stroke: "var(--line)" }),
        Plot.line(context.flatMap(s => s.points.map(p => ({ ...p, key: s.key }))), { x: "year", y: p => p.amount / factor, z: "key", stroke: "var(--faint)", strokeOpacity: 0.28, strokeWidth: 1 }),
        Plot.line(series.flatMap(s => broken(s.points).map(p => ({ ...p, key: s.key, colour: s.colour }))), { x: "year", y: p => p.amount / factor, z: "key", stroke: "colour", strokeWidth: 2 }),
        // How far the outturn lies from what was promised.
        Plot.ruleX(targets.filter(t => t.actual !== null), {
          x: "year", y1: t => t.middle / factor, y2: t => t.actual / factor, strokeWidth: 1.5, strokeDasharray: "2 2",
          stroke: t => (t.verdict === "missed" ? "var(--bad)" : t.verdict === "undecidable" ? "var(--even)" : "var(--good)"),
        }),
        Plot.ruleX(targets.filter(t => t.low !== null && t.high !== null && t.low !== t.high), { x: "year", y1: t => t.low / factor, y2: t => t.high / factor, stroke: "colour", strokeWidth: 5, strokeOpacity: 0.28 }),
        Plot.dot(targets, { x: "year", y: t => t.middle / factor, symbol: "diamond", r: 4, stroke: "colour", strokeWidth: 1.6, fill: "var(--paper)", href: "href", ariaLabel: t => `${t.label} ${t.title}` }),
        Plot.dot(points, {
          x: "year", y: p => p.amount / factor, r: 3.6, stroke: "colour", strokeWidth: 1.8, fill: p => (p.status === "actual" ? p.colour : "var(--paper)"),
          href: "href", ariaLabel: p => `${p.label} ${p.title}`,
        }),
        Plot.text(ends.labels, { x: last + pad, y: "y", text: "text", fill: "colour", textAnchor: "start", dx: 6, fontWeight: 600 }),
        Plot.tip(all, Plot.pointer({ x: "year", y: "y", title: p => `${p.label} ${p.year}\n${p.title}`, fill: "var(--paper)", stroke: "var(--line)" })),
      ],
    });
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", either("时间序列", "Time series"));
    element.replaceChildren(svg);
  }

  /** A line ends where years are missing: it would state what no report states. */
  const broken = points => points.flatMap((p, i) => (i && p.year > points[i - 1].year + 1 ? [{ ...p, year: p.year - 1, amount: NaN }, p] : [p]));

  const middle = t => (t.low !== null && t.high !== null ? (t.low + t.high) / 2 : t.low ?? t.high);

  /** Names at the ends of lines, pushed apart where they would overlap; none where there is no room for them. */
  function endLabels(series, factor, width) {
    if (width < 520) return { labels: [], width: 16 };
    const labels = series.filter(s => s.points.length).map(s => ({ text: s.label, colour: s.colour, y: s.points.at(-1).amount / factor }));
    const amounts = series.flatMap(s => s.points.map(p => p.amount / factor));
    const step = (Math.max(...amounts, 0) - Math.min(...amounts, 0)) / 17;
    labels.sort((a, b) => b.y - a.y);
    for (let i = 1; i < labels.length; i++) labels[i].y = Math.min(labels[i].y, labels[i - 1].y - step);
    return { labels, width: Math.min(150, Math.max(24, ...labels.map(l => widthOf(l.text) + 16))) };
  }

  /** Two indicators against each other. Rows: {label, x, y, href, title}. */
  function scatter(element, rows, xName, yName, xUnit, yUnit) {
    const sx = scale(Math.max(...rows.map(row => Math.abs(row.x))), xUnit);
    const sy = scale(Math.max(...rows.map(row => Math.abs(row.y))), yUnit);
    const svg = Plot.plot({
      ...COMMON,
      width: room(element), height: Math.min(520, Math.max(300, room(element) * 0.86)), marginLeft: 54, marginBottom: 42, marginTop: 30, marginRight: 20, inset: 12,
      x: { label: `${xName} (${sx.label}) →`, grid: true, nice: true, ticks: 6 },
      y: { label: `↑ ${yName} (${sy.label})`, grid: true, nice: true, ticks: 6 },
      marks: [
        Plot.dot(rows, { x: row => row.x / sx.factor, y: row => row.y / sy.factor, r: 5, fill: "var(--actual)", fillOpacity: 0.55, stroke: "var(--actual)", href: "href", ariaLabel: row => `${row.label} ${row.title}` }),
        rows.length <= 40 ? Plot.text(rows, { x: row => row.x / sx.factor, y: row => row.y / sy.factor, text: "label", dy: -11, fill: "var(--soft)", fontSize: 11, className: "names" }) : null,
        Plot.tip(rows, Plot.pointer({ x: row => row.x / sx.factor, y: row => row.y / sy.factor, title: row => `${row.label}\n${row.title}`, fill: "var(--paper)", stroke: "var(--line)" })),
      ],
    });
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", `${xName} / ${yName}`);
    element.replaceChildren(svg);
    declutter(svg);
  }

  /** Leave out names that would cover one that stands already. */
  function declutter(svg) {
    const kept = [];
    for (const name of svg.querySelectorAll(".names text")) {
      const box = name.getBoundingClientRect();
      const covers = kept.some(other => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom);
      if (covers) name.remove(); else kept.push(box);
    }
  }

  /** The key of the statuses that occur. */
  function statusKey(statuses, withTargets) {
    const item = (status, label) => h("span", h("i", { style: swatch(status) }), label);
    return h("div.key",
      ["actual", "estimated", "target"].filter(status => statuses.has(status)).map(status => item(status, code("status", status))),
      withTargets ? h("span", h("i.diamond", { style: { border: "1.5px solid var(--soft)" } }), code("status", "target")) : null);
  }
  function swatch(status) {
    const solid = status === "actual";
    return { background: tinted(status), border: solid ? "0" : `1px ${status === "estimated" ? "dashed" : "solid"} var(--${status})` };
  }

  const STYLED = ["fill", "stroke", "fill-opacity", "stroke-opacity", "font-family", "font-size", "font-weight", "text-anchor", "opacity"];
  /** Save a chart as PNG, with a heading and where the numbers come from. */
  function png(element, name, heading, note) {
    const svg = element.querySelector("svg");
    if (!svg) return;
    const box = svg.viewBox.baseVal;
    const [width, height, top, bottom] = [box.width, box.height, 46, 26];
    const copy = svg.cloneNode(true);
    const originals = svg.querySelectorAll("*");
    // An image knows no variables: each element carries the style that it is shown with.
    copy.querySelectorAll("*").forEach((node, i) => {
      const shown = getComputedStyle(originals[i]);
      for (const property of STYLED) node.style?.setProperty(property, shown.getPropertyValue(property));
    });
    copy.querySelectorAll("[aria-label=tip]").forEach(node => node.remove());
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("width", width);
    copy.setAttribute("height", height);
    const theme = getComputedStyle(document.documentElement);
    copy.style.color = theme.getPropertyValue("--soft");
    const image = new Image();
    image.onload = () => {
      const canvas = h("canvas", { width: width * 2, height: (height + top + bottom) * 2 });
      const pen = canvas.getContext("2d");
      pen.scale(2, 2);
      pen.fillStyle = theme.getPropertyValue("--paper");
      pen.fillRect(0, 0, width, height + top + bottom);
      pen.drawImage(image, 0, top, width, height);
      pen.fillStyle = theme.getPropertyValue("--ink");
      pen.font = `600 16px ${theme.getPropertyValue("--sans")}`;
      pen.fillText(heading, 10, 26, width - 20);
      pen.fillStyle = theme.getPropertyValue("--faint");
      pen.font = `11px ${theme.getPropertyValue("--sans")}`;
      pen.fillText(note, 10, height + top + 16, width - 20);
      canvas.toBlob(blob => download(`${name}.png`, blob), "image/png");
    };
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  }

  Object.assign(govreports, { bars, lines, scatter, statusKey, png, widthOf, valueText: value });
})();
