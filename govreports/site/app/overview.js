/* The overview: what is there, ranks, time series, two indicators against each other, coverage.
   Belongs here: what is chosen and which rows follow from it. Does not belong here: how charts are drawn (see charts.js). */
"use strict";
(() => {
  const g = govreports;
  const { h, $, fill, load, objects, either, word, code, state, setState, value, bounded, series: seriesName } = g;
  // Beyond this many reports the first page shows one province.
  const MANY_REPORTS = 400;
  // What is put against the chosen indicator where nothing else is asked for.
  const SECONDS = ["budget_revenue", "gdp"];
  const SHOWN_BARS = 40, SHOWN_ROWS = 60, SHOWN_LINES = 8, FAINT_LINES = 120;

  let index, stated = [], chosen, regions = new Map(), loadedScope = null, more = { bars: false, matrix: false };

  g.frame(draw, "index");

  async function draw(main) {
    try {
      g.use(await load("index"));
      index = g.index();
      stated = index.indicators.filter(row => row.measures.length);
      g.built(index);
      document.title = either("政府工作报告数据 · govreports", "Government work reports as data · govreports");
      if (!index.totals.documents) return void fill(main, lead(), h("p.empty", either("还没有报告。", "There are no reports yet.")));
      if (!stated.length) return void fill(main, lead(), h("p.empty", either("报告中没有读出数值。", "No values were read.")));
      chosen = defaults();
      fill(main, lead(), h("div.card.chooser"), h("div.grid",
        card("ranking", "span-7"), card("series", "span-5"), card("scatter", "span-6"), card("coverage", "span-6")));
      await update();
    } catch (error) { g.failed(main, error); }
  }

  addEventListener("hashchange", () => { chosen = defaults(); update(); });
  let resizing;
  addEventListener("resize", () => { clearTimeout(resizing); resizing = setTimeout(() => chosen && update(), 150); });

  // -- what is chosen ------------------------------------------------------------------------------------------------

  function defaults() {
    const asked = state();
    const indicator = stated.find(row => row.id === asked.indicator) ?? stated.find(row => row.id === "gdp") ?? stated[0];
    const second = stated.find(row => row.id === asked.second) ?? SECONDS.map(id => stated.find(row => row.id === id)).find(row => row && row !== indicator) ?? stated.find(row => row !== indicator) ?? indicator;
    const largest = index.provinces.reduce((a, b) => (b.reports > a.reports ? b : a));
    const scope = asked.scope ?? (index.totals.documents > MANY_REPORTS ? largest.code : "all");
    return {
      indicator: indicator.id,
      measure: measureOf(indicator, asked.measure),
      second: second.id,
      measure2: measureOf(second, asked.measure2),
      scope: scope === "all" || index.provinces.some(p => p.code === scope) ? scope : "all",
      level: asked.level ?? null,
      year: asked.year ? Number(asked.year) : null,
      sort: ["value", "pinyin", "official"].includes(asked.sort) ? asked.sort : "value",
      lines: asked.lines ? asked.lines.split(",") : null,
      matrix: asked.matrix === "one" ? "one" : "all",
    };
  }
  const measureOf = (indicator, asked) => (indicator.measures.find(([name]) => name === asked) ?? indicator.measures[0])[0];

  function choose(changes) {
    if (changes.indicator) changes.measure = null;
    if (changes.second) changes.measure2 = null;
    if (changes.indicator || changes.scope || changes.level) Object.assign(changes, { year: changes.year ?? null, lines: null });
    setState(changes);
    chosen = defaults();
    update();
  }

  // -- rows ----------------------------------------------------------------------------------------------------------

  async function loadRegions() {
    if (loadedScope === chosen.scope) return;
    regions = new Map();
    const codes = provinces();
    const pieces = await Promise.all(codes.map(province => load(`regions/${province}`)));
    pieces.forEach((piece, i) => objects(piece).forEach(row => regions.set(row.region_code, { ...row, province: codes[i], headlines: piece.headlines })));
    loadedScope = chosen.scope;
  }
  const provinces = () => (chosen.scope === "all" ? index.provinces.map(p => p.code) : [chosen.scope]);

  /** Those of the chosen provinces that a mask names, so that nothing is asked for that is not there. */
  const among = mask => provinces().filter(code => Math.floor(mask / 2 ** index.provinces.findIndex(p => p.code === code)) % 2);

  /** The values and targets of an indicator under a measure in the chosen scope. */
  async function rowsOf(indicator, measure) {
    const mask = g.indicator(indicator).measures.find(([name]) => name === measure)[3];
    const pieces = await Promise.all(among(mask).map(province => load(`values/${indicator}/${measure}/${province}`)));
    return { values: pieces.flatMap(piece => objects(piece.values)), targets: pieces.flatMap(piece => objects(piece.targets)) };
  }

  /** For each region of the scope the first year, and letters that say why the cells of an indicator are empty. */
  async function gapsOf(indicator) {
    const pieces = await Promise.all(among(g.indicator(indicator).gaps).map(province => load(`gaps/${indicator}/${province}`)));
    return Object.assign({}, ...pieces);
  }

  const inLevel = code => regions.has(code) && (chosen.level === "any" || regions.get(code).level === chosen.level);
  const nameOf = code => {
    const region = regions.get(code);
    return region ? either(region.name, pinyinName(region)) : code;
  };
  /** A Chinese name with its pinyin in English: readers compare it with the report. */
  const pinyinName = region => (region.name_pinyin ? `${capital(region.name_pinyin)} ${region.name}` : region.name);
  const capital = text => text.replaceAll(" ", "").replace(/^./, letter => letter.toUpperCase());
  const unitOf = (indicator, measure) => g.indicator(indicator).measures.find(([name]) => name === measure)[1];
  const evidence = (doc, obs) => (doc && obs ? `report/${doc}.html#obs=${obs}` : null);
  const pinyinOrder = (a, b) => (a.name_pinyin ?? a.name).localeCompare(b.name_pinyin ?? b.name, "en");

  function titleOf(row) {
    const status = code("status", row.status);
    const derived = row.obs_status === "I" ? either(" · 推算(名义)", " · derived, nominal") : "";
    const basis = row.price_basis === "constant" ? either(" · 可比价", " · constant prices") : "";
    return `${bounded(row.value, row.unit, row.bound)} · ${status}${derived}${basis}`;
  }

  // -- drawing -------------------------------------------------------------------------------------------------------

  let turn = 0;
  async function update() {
    const mine = ++turn;
    await loadRegions();
    const [data, gaps] = await Promise.all([rowsOf(chosen.indicator, chosen.measure), gapsOf(chosen.indicator)]);
    if (mine !== turn) return;
    const all = data.values.filter(row => regions.has(row.region) && row.unit === unitOf(chosen.indicator, chosen.measure));
    if (!chosen.level) chosen.level = commonLevel(all);
    const rows = all.filter(row => inLevel(row.region));
    const years = [...new Set(rows.map(row => row.year))].sort();
    if (!years.includes(chosen.year)) chosen.year = fullestYear(rows);
    drawChooser(years);
    drawRanking(rows, gaps);
    drawSeries(rows, data.targets.filter(row => inLevel(row.region)), gaps);
    whenSeen($("#scatter"), async () => {
      const second = await rowsOf(chosen.second, chosen.measure2);
      if (mine === turn) drawScatter(rows, second.values.filter(row => inLevel(row.region) && row.unit === unitOf(chosen.second, chosen.measure2)));
    });
    drawCoverage(gaps);
    document.body.dataset.ready = "true";
  }

  let watcher;
  /** Do something once an element comes near the window: what lies further down loads nothing for those who never look. */
  function whenSeen(element, act) {
    watcher?.disconnect();
    watcher = new IntersectionObserver(([entry]) => { if (entry.isIntersecting) { watcher.disconnect(); act(); } }, { rootMargin: "80px" });
    watcher.observe(element);
  }

  function commonLevel(rows) {
    const seen = new Map();
    for (const code of new Set(rows.map(row => row.region))) seen.set(regions.get(code).level, (seen.get(regions.get(code).level) ?? 0) + 1);
    return [...seen].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "any";
  }

  /** The latest of the years that most regions state, targets aside. */
  function fullestYear(rows) {
    const counts = new Map();
    for (const row of rows) if (row.status !== "target") counts.set(row.year, (counts.get(row.year) ?? 0) + 1);
    if (!counts.size) return rows.length ? Math.max(...rows.map(row => row.year)) : null;
    const most = Math.max(...counts.values());
    return Math.max(...[...counts].filter(([, n]) => n >= most * 0.8).map(([year]) => year));
  }

  function lead() {
    const t = index.totals;
    const figure = (n, label) => h("div", h("b", g.number(n)), h("span", label));
    return h("section.lead",
      h("div", h("h1", either("政府工作报告里的数字，可比较、可追溯", "What local governments promised, and what they delivered")),
        h("p.sub", either("点击任意数字，回到它所在的原句。", "Click any number to read the sentence it stands in."))),
      h("div.figures", figure(t.documents, either("份报告", "reports")), figure(t.regions, either("个地区", "regions")),
        figure(t.observations, either("个数值", "values")), figure(t.pairs, either("对目标与结果", "targets with outturn")),
        t.first_year ? h("div", h("b", `${t.first_year}–${t.last_year}`), h("span", either("年份", "years"))) : null));
  }

  const card = (id, span) => h(`section.card.${span}`, { id });

  function field(label, control, main) {
    return h(main ? "label.field.main" : "label.field", h("span", label), control);
  }
  function select(options, current, change, id) {
    return h("select", { id, onchange: event => change(event.target.value) }, options.map(([id, label]) => h("option", { value: id, selected: id === current }, label)));
  }
  function indicatorSelect(current, change, id) {
    const groups = new Map();
    for (const row of stated) groups.set(row.domain, [...(groups.get(row.domain) ?? []), row]);
    return h("select", { id, onchange: event => change(event.target.value) }, [...groups].map(([domain, rows]) => h("optgroup", { label: g.domain(domain) },
      rows.map(row => h("option", { value: row.id, selected: row.id === current }, either(row.zh, row.en))))));
  }
  const measureOptions = id => g.indicator(id).measures.map(([name, unit]) => [name, code("measure", name) + (g.unitName(unit) ? ` (${g.unitName(unit)})` : "")]);

  function drawChooser(years) {
    const scopes = [["all", either("全部", "All provinces")], ...index.provinces.map(p => [p.code, `${p.name} (${p.regions})`])];
    const levels = [...new Set([...regions.values()].map(row => row.level))].sort();
    fill($(".chooser"),
      field(either("省份", "Province"), select(scopes, chosen.scope, scope => choose({ scope }), "choose-scope")),
      field(word("level"), select([["any", word("all")], ...levels.map(level => [level, code("region_level", level)])], chosen.level, level => choose({ level }), "choose-level")),
      field(word("indicator"), indicatorSelect(chosen.indicator, indicator => choose({ indicator }), "choose-indicator"), true),
      field(word("measure"), select(measureOptions(chosen.indicator), chosen.measure, measure => choose({ measure, year: null, lines: null }), "choose-measure")),
      field(word("year"), select(years.map(year => [String(year), String(year)]).reverse(), String(chosen.year), year => choose({ year }), "choose-year")),
      field(word("sort"), select([["value", either("按数值", "By value")], ["pinyin", either("按拼音", "By pinyin")], ["official", either("按区划代码", "By official order")]], chosen.sort, sort => choose({ sort }), "choose-sort")));
  }

  function head(title, note, name, columns, rows, chart) {
    const source = either(`来源：各地政府工作报告 · govreports ${index.build.content_hash?.slice(0, 12) ?? ""}`, `Source: local government reports · govreports ${index.build.content_hash?.slice(0, 12) ?? ""}`);
    return h("header", h("h2", title), h("div.tools",
      h("button.tool.save-csv", { onclick: () => g.downloadCsv(name, columns, rows), title: either("下载图中数据", "Download what is shown") }, "CSV"),
      chart ? h("button.tool.save-png", { onclick: () => g.png(chart, name, title, source) }, "PNG") : null),
      note ? h("p", note) : null);
  }

  function drawRanking(rows, gaps) {
    const shown = rows.filter(row => row.year === chosen.year).map(row => ({
      ...row, key: row.region, label: nameOf(row.region), short: regions.get(row.region).name, amount: row.value, href: `region/${row.region}.html`, title: titleOf(row),
    }));
    const order = {
      value: (a, b) => b.value - a.value,
      pinyin: (a, b) => pinyinOrder(regions.get(a.region), regions.get(b.region)),
      official: (a, b) => (regions.get(a.region).region_sort ?? 0) - (regions.get(b.region).region_sort ?? 0) || a.region.localeCompare(b.region),
    };
    shown.sort(order[chosen.sort]);
    const limit = more.bars ? shown.length : SHOWN_BARS;
    const chart = h("div.chart");
    const title = `${seriesName(chosen.indicator, chosen.measure)}, ${chosen.year ?? ""}`;
    fill($("#ranking"),
      head(title, "", `ranking-${chosen.indicator}-${chosen.measure}-${chosen.year}`,
        ["region_code", "region", "year", "indicator", "measure", "value", "unit", "bound", "status", "evidence"],
        shown.map(row => [row.region, regions.get(row.region).full_name, row.year, chosen.indicator, chosen.measure, row.value, row.unit, row.bound, row.status, evidence(row.doc, row.obs)]), chart),
      shown.length ? g.statusKey(new Set(shown.map(row => row.status))) : null,
      h("div.scrolling", chart),
      shown.length > limit ? h("button.tool", { onclick: () => { more.bars = true; update(); } }, either(`显示全部 ${shown.length} 个`, `Show all ${shown.length}`)) : null,
      gapNote(chosen.year, new Set(shown.map(row => row.region)), gaps));
    if (shown.length) g.bars(chart, shown.slice(0, limit));
    else fill(chart, h("p.empty", either("所选范围内没有数值。", "No values in this selection.")));
  }

  /** Which regions have no value, and why. */
  function gapNote(year, present, gaps) {
    const missing = new Map();
    for (const [region, [first, letters]] of Object.entries(gaps)) {
      const letter = letters[year - first];
      if (!letter || present.has(region) || !inLevel(region)) continue;
      const reason = letter === "f" ? either("只有其他度量", "Another measure only") : g.reason(letter);
      missing.set(reason, [...(missing.get(reason) ?? []), region]);
    }
    if (!missing.size) return null;
    const total = [...missing.values()].reduce((n, list) => n + list.length, 0);
    return h("details.gaps", h("summary", either(`${total} 个地区没有数值`, `${total} regions without a value`), " · ",
      [...missing].map(([reason, list]) => `${reason} ${list.length}`).join(" · ")),
      h("ul", [...missing].map(([reason, list]) => h("li", h("b", reason), ": ", list.slice(0, 200).map((code, i) => [i ? either("、", ", ") : "", h("a", { href: `region/${code}.html` }, nameOf(code))])))));
  }

  function drawSeries(rows, targets, gaps) {
    const byRegion = new Map();
    for (const row of rows) byRegion.set(row.region, [...(byRegion.get(row.region) ?? []), row]);
    const ranked = [...byRegion.keys()].sort((a, b) => latest(byRegion.get(b)) - latest(byRegion.get(a)) || a.localeCompare(b));
    const longest = [...ranked].sort((a, b) => countOf(byRegion.get(b)) - countOf(byRegion.get(a)));
    const picked = (chosen.lines ?? longest.slice(0, 4)).filter(code => regions.has(code)).slice(0, SHOWN_LINES);
    const make = (code, i) => ({
      key: code, label: nameOf(code), colour: `var(--c${(i % 8) + 1})`,
      points: (byRegion.get(code) ?? []).filter(row => row.status !== "target").map(row => ({ year: row.year, amount: row.value, status: row.status, title: titleOf(row), href: evidence(row.doc, row.obs) })),
      targets: targets.filter(row => row.region === code).map(row => ({ ...row, href: evidence(row.doc, row.obs), title: targetTitle(row) })),
    });
    const series = picked.map(make);
    const context = ranked.filter(code => !picked.includes(code)).slice(0, FAINT_LINES).map((code, i) => ({ ...make(code, i), targets: [] }));
    const chart = h("div.chart");
    const title = either(`${seriesName(chosen.indicator, chosen.measure)}：承诺与结果`, `${seriesName(chosen.indicator, chosen.measure)}: promised and delivered`);
    fill($("#series"),
      head(title, "", `series-${chosen.indicator}-${chosen.measure}`, ["region_code", "region", "year", "kind", "value", "target_low", "target_high", "unit", "status", "verdict", "evidence"],
        series.flatMap(s => [
          ...s.points.map(p => [s.key, regions.get(s.key).full_name, p.year, "outturn", p.amount, null, null, unitOf(chosen.indicator, chosen.measure), p.status, null, p.href]),
          ...s.targets.map(t => [s.key, regions.get(s.key).full_name, t.year, "target", null, t.low, t.high, t.unit, "target", t.verdict, t.href])]), chart),
      h("div.chips", series.map(s => h("button.chip", { title: either("移除", "Remove"), onclick: () => choose({ lines: picked.filter(code => code !== s.key).join(",") || "none" }) }, h("i", { style: { background: s.colour } }), s.label, " ×")),
        picked.length < SHOWN_LINES ? h("select", { "aria-label": either("添加地区", "Add a region"), onchange: event => choose({ lines: [...picked, event.target.value].join(",") }) },
          h("option", { value: "" }, either("＋ 添加地区", "+ Add a region")), [...byRegion.keys()].filter(code => !picked.includes(code)).sort((a, b) => pinyinOrder(regions.get(a), regions.get(b))).map(code => h("option", { value: code }, nameOf(code)))) : null),
      h("div.key", h("span", h("i.dot", { style: { background: "var(--soft)" } }), code("status", "actual")),
        h("span", h("i.dot", { style: { border: "1.6px solid var(--soft)" } }), code("status", "estimated")),
        h("span", h("i.diamond", { style: { border: "1.6px solid var(--soft)" } }), code("status", "target")),
        h("span", { class: "text-good", style: { color: "var(--good)" } }, `┄ ${code("target_verdict", "met")}`), h("span", { style: { color: "var(--bad)" } }, `┄ ${code("target_verdict", "missed")}`)),
      chart, seriesGaps(picked, gaps));
    const drawn = series.filter(s => s.points.length || s.targets.length);
    if (drawn.length || context.some(s => s.points.length)) g.lines(chart, drawn, context.filter(s => s.points.length > 1), unitOf(chosen.indicator, chosen.measure));
    else fill(chart, h("p.empty", either("没有可画的序列。", "No series to draw.")));
  }
  const latest = rows => rows.filter(row => row.status !== "target").at(-1)?.value ?? -Infinity;
  const countOf = rows => rows.filter(row => row.status !== "target").length;
  const targetTitle = row => `${code("status", "target")} ${g.targetText(row.low, row.high, row.bound, row.unit)} · ${code("target_verdict", row.verdict)}${row.actual !== null ? ` (${value(row.actual, row.unit)})` : ""}`;

  /** For each line the years in between that nobody states, and why. */
  function seriesGaps(picked, gaps) {
    const notes = picked.filter(code => gaps[code]).map(code => {
      const [first, letters] = gaps[code];
      const reasons = new Map();
      [...letters].forEach((letter, i) => { if (letter !== "f") reasons.set(letter, [...(reasons.get(letter) ?? []), first + i]); });
      return [code, reasons];
    }).filter(([, reasons]) => reasons.size);
    if (!notes.length) return null;
    return h("details.gaps", h("summary", either("空缺的年份及原因", "Years without a value, and why")),
      h("ul", notes.map(([region, reasons]) => h("li", h("b", nameOf(region)), ": ", [...reasons].map(([letter, years]) => `${g.reason(letter)} ${spans(years)}`).join(" · ")))));
  }
  /** 2016, 2017, 2018, 2021 as 2016–2018, 2021. */
  function spans(years) {
    const out = [];
    for (const year of years) {
      const last = out.at(-1);
      if (last && last[1] === year - 1) last[1] = year; else out.push([year, year]);
    }
    return out.map(([a, b]) => (a === b ? a : `${a}–${b}`)).join(", ");
  }

  function drawScatter(rows, others) {
    const year = chosen.year;
    const second = new Map(others.filter(row => row.year === year).map(row => [row.region, row]));
    const pairs = rows.filter(row => row.year === year && second.has(row.region)).map(row => {
      const other = second.get(row.region);
      return { region: row.region, label: nameOf(row.region), x: row.value, y: other.value, xRow: row, yRow: other, href: `region/${row.region}.html`,
        title: `${seriesName(chosen.indicator, chosen.measure)}: ${titleOf(row)}\n${seriesName(chosen.second, chosen.measure2)}: ${titleOf(other)}` };
    });
    const chart = h("div.chart");
    const [xName, yName] = [seriesName(chosen.indicator, chosen.measure), seriesName(chosen.second, chosen.measure2)];
    fill($("#scatter"),
      head(either(`${yName} 与 ${xName}, ${year ?? ""}`, `${yName} against ${xName}, ${year ?? ""}`), "", `scatter-${chosen.indicator}-${chosen.second}-${year}`,
        ["region_code", "region", "year", `${chosen.indicator}_${chosen.measure}`, "unit", `${chosen.second}_${chosen.measure2}`, "unit_2"],
        pairs.map(row => [row.region, regions.get(row.region).full_name, year, row.x, row.xRow.unit, row.y, row.yRow.unit]), chart),
      h("div.chips", h("label", h("span.sr", either("第二个指标", "Second indicator")), indicatorSelect(chosen.second, id => choose({ second: id }), "choose-second")),
        h("label", h("span.sr", either("第二个度量", "Second measure")), select(measureOptions(chosen.second), chosen.measure2, measure2 => choose({ measure2 }), "choose-measure2"))),
      chart);
    if (pairs.length) g.scatter(chart, pairs, xName, yName, pairs[0].xRow.unit, pairs[0].yRow.unit);
    else fill(chart, h("p.empty", either(`${year ?? ""} 年没有地区同时陈述两个指标。`, `In ${year ?? "this year"} no region states both.`)));
  }

  function drawCoverage(gaps) {
    const list = [...regions.values()].filter(row => chosen.level === "any" || row.level === chosen.level).sort(chosen.sort === "pinyin" ? pinyinOrder : (a, b) => (a.region_sort ?? 0) - (b.region_sort ?? 0) || a.region_code.localeCompare(b.region_code));
    const spansOf = Object.values(gaps);
    const years = new Set(list.flatMap(row => Object.keys(row.filled).map(Number)));
    for (const [first, letters] of spansOf) for (let i = 0; i < letters.length; i++) years.add(first + i);
    for (const row of list) for (const [year] of row.reports) years.add(year);
    const columns = [...years].sort((a, b) => b - a);
    const limit = more.matrix ? list.length : SHOWN_ROWS;
    const one = chosen.matrix === "one";
    const cells = list.map(row => [row, columns.map(year => one ? oneCell(row, year, gaps) : allCell(row, year))]);
    fill($("#coverage"),
      head(either("覆盖", "Coverage"), one ? either(`${g.indicatorName(chosen.indicator)}：每格为有无数值及其原因`, `${g.indicatorName(chosen.indicator)}: whether there is a value, and if not why`)
        : either(`头条指标中有数值的个数；R 为当年有报告`, "Headline indicators with a value; R marks a report of that year"),
        `coverage-${one ? chosen.indicator : "all"}`, ["region_code", "region", ...columns],
        cells.map(([row, values]) => [row.region_code, row.full_name, ...values.map(cell => cell.csv)])),
      h("div.segments", { role: "group" }, [["all", either("全部头条指标", "All headlines")], ["one", g.indicatorName(chosen.indicator)]].map(([id, label]) => h("button", { "aria-pressed": String(chosen.matrix === id), onclick: () => choose({ matrix: id }) }, label))),
      h("div.matrix", { tabIndex: 0, style: { "margin-top": ".6rem" } }, h("table",
        h("thead", h("tr", h("th", ""), columns.map(year => h("th", { scope: "col" }, String(year))))),
        h("tbody", cells.slice(0, limit).map(([row, values]) => h("tr", h("th", { scope: "row" }, h("a", { href: `region/${row.region_code}.html` }, nameOf(row.region_code))), values.map(cell => h("td", cell.element))))))),
      list.length > limit ? h("button.tool", { onclick: () => { more.matrix = true; update(); } }, either(`显示全部 ${list.length} 个地区`, `Show all ${list.length} regions`)) : null);
  }

  function allCell(row, year) {
    const found = row.filled[year] ?? 0;
    const report = row.reports.find(([y]) => y === year);
    const share = found / row.headlines;
    const title = `${nameOf(row.region_code)} ${year}: ${found}/${row.headlines}${report ? `, ${code("doc_type", report[2])}` : ""}`;
    const properties = { title, style: { "--share": (0.12 + 0.75 * share).toFixed(2) } };
    const name = found ? (share > 0.55 ? "cell.has.strong" : "cell.has") : "cell.none";
    const text = `${found || ""}${report ? " R" : ""}`;
    return { csv: found, element: report ? h(`a.${name}`, { ...properties, href: `report/${report[1]}.html` }, text) : h(`span.${name}`, properties, text) };
  }

  function oneCell(row, year, gaps) {
    const [first, letters] = gaps[row.region_code] ?? [0, ""];
    const letter = letters[year - first];
    if (!letter) return { csv: null, element: h("span.cell.none", "") };
    const title = `${nameOf(row.region_code)} ${year}: ${g.reason(letter)}`;
    const marks = { f: "●", n: "–", d: "", x: "×", r: "!", t: "…" };
    const name = letter === "f" ? "cell.has" : letter === "r" ? "cell.refused" : "cell.none";
    return { csv: g.LETTERS[letter], element: h(`span.${name}`, { title, style: { "--share": ".55" } }, marks[letter], h("span.sr", g.reason(letter))) };
  }
})();
