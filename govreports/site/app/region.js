/* The page of a region: values by year, promised against delivered, contradictions, themes.
   Belongs here: its tables. Does not belong here: which values stand in them (see the marts). */
"use strict";
(() => {
  const g = govreports;
  const { h, $, fill, load, objects, either, word, code, value, bounded, indicatorName } = g;
  const key = document.documentElement.dataset.key;
  let piece, parts;

  g.frame(draw, "region");

  async function draw(main) {
    try {
      g.use(await load("index"));
      g.built(g.index());
      const [own, ranks] = await Promise.all([load(`region/${key}`), load(`ranks/${key}`)]);
      piece = own;
      parts = Object.fromEntries(["reports", "values", "targets", "contradictions", "themes"].map(name => [name, objects(piece[name])]));
      parts.ranks = objects(ranks);
      document.title = `${piece.region.full_name} · govreports`;
      fill(main, head(), h("div.grid.loose", valuesCard(), targetsCard(), contradictionsCard(), themesCard()));
      document.body.dataset.ready = "true";
    } catch (error) { g.failed(main, error); }
  }

  const evidence = (doc, obs) => (doc ? `../report/${doc}.html${obs ? `#obs=${obs}` : ""}` : null);
  const card = (id, span, title, note, tools, ...children) => h(`section.card.${span}`, { id }, h("header", h("h2", title), h("div.tools", tools), note ? h("p", note) : null), children);
  const csv = (name, columns, rows) => h("button.tool.save-csv", { onclick: () => g.downloadCsv(`${key}-${name}`, columns, rows) }, "CSV");

  function head() {
    const r = piece.region;
    const above = r.full_name.endsWith(r.name) ? r.full_name.slice(0, -r.name.length) : r.province;
    return h("section", { style: { "margin-bottom": "1.1rem" } },
      h("p.crumbs", h("a", { href: "../index.html" }, either("比较", "Compare")), " › ", above || r.province),
      h("h1", r.name, " ", h("span.faint", { style: { "font-weight": 400, "font-size": ".6em" } }, [r.name_pinyin?.replaceAll(" ", ""), code("region_level", r.level), r.region_code].filter(Boolean).join(" · "))),
      h("div.reports", parts.reports.map(row => h("a", { href: `../report/${row.doc}.html`, title: row.title ?? "" }, `${row.year} ${code("doc_type", row.type)}`,
        row.completeness !== "full" ? h("small", code("completeness", row.completeness)) : null, row.duplicate_of ? h("small", either("重复", "duplicate")) : null)),
        parts.reports.length ? null : h("span.faint", either("没有报告", "No report"))));
  }

  // -- values by year ------------------------------------------------------------------------------------------------

  let everything = false;
  function valuesCard() {
    const years = [...new Set(parts.values.map(row => row.year))].sort((a, b) => b - a);
    const cells = new Map();
    for (const row of parts.values) if (row.measure === "level" || row.measure === "growth_yoy") cells.set(`${row.indicator} ${row.year} ${row.measure}`, row);
    const present = new Set([...cells.values()].map(row => row.indicator));
    const listed = g.index().indicators.filter(row => present.has(row.id) && (everything || row.headline));
    const ranks = rankOf();
    const body = listed.map(row => h("tr", h("td", either(row.zh, row.en)), h("td.spare", spark(row, cells, years)), h("td.right.soft.spare", ranks(row.id)), years.map(year => cell(row, year, cells))));
    const rest = [...present].filter(id => !g.indicator(id)?.headline).length;
    return card("values", "span-12", either("各年数值", "Values by year"),
      either("上为水平，下为同比增速；空格注明原因。位次为地级市内、省内最近一年水平值或增速的排名。", "Level above, growth on the year before below; an empty cell says why. Ranks are those of the latest year within prefecture and province."),
      [rest && !everything ? h("button.tool", { onclick: () => { everything = true; g.redraw(); } }, either(`显示其余 ${rest} 个指标`, `Show ${rest} more indicators`)) : null,
        csv("values", ["region_code", "year", "indicator", "measure", "value", "unit", "bound", "status", "obs_status", "quote", "evidence"],
          parts.values.map(row => [key, row.year, row.indicator, row.measure, row.value, row.unit, row.bound, row.status, row.obs_status, row.quote, evidence(row.doc, row.obs)]))],
      listed.length ? h("div.wide.sticky-first", { tabIndex: 0 }, h("table.data.values", h("thead", h("tr", h("th", word("indicator")), h("th.spare", ""), h("th.right.spare", word("rank")), years.map(year => h("th.right", String(year))))), h("tbody", body)))
        : h("p.empty", either("没有头条指标的数值。", "No headline values.")));
  }

  function cell(row, year, cells) {
    const [level, growth] = [cells.get(`${row.id} ${year} level`), cells.get(`${row.id} ${year} growth_yoy`)];
    if (!level && !growth) {
      const letter = piece.gaps.indicators?.[row.id]?.[year - piece.gaps.first];
      return h("td.missing", { title: letter ? g.reason(letter) : "" }, letter && letter !== "f" ? g.reason(letter) : "");
    }
    return h("td.v", level ? part(level, level.status) : null, growth ? h("span.growth", part(growth, growth.status, true)) : null);
  }
  function part(row, status, growth) {
    const shown = `${growth && row.value > 0 && row.bound === "point" ? "+" : ""}${bounded(row.value, row.unit, row.bound)}${row.obs_status === "I" ? "*" : ""}`;
    const title = [row.quote, code("status", status), row.obs_status === "I" ? either("由两个水平推算，名义增速", "derived from two levels, nominal") : "", row.note ?? ""].filter(Boolean).join(" · ");
    return h("a", { class: status, title, href: evidence(row.doc, row.obs), dataset: { obs: row.obs ?? "" } }, shown);
  }

  /** 3/11 · 12/87: the latest rank within prefecture and province. */
  function rankOf() {
    const best = new Map(parts.ranks.map(row => [`${row.indicator} ${row.group}`, row]));
    const one = (row, label) => (row ? h("span", { title: `${label} ${row.year} ${code("measure", row.measure)}` }, `${row.rank}/${row.peers}`) : null);
    return id => {
      const both = [one(best.get(`${id} prefecture`), either("地级市内", "in the prefecture")), one(best.get(`${id} province`), either("省内", "in the province"))].filter(Boolean);
      return both.length === 2 ? [both[0], " · ", both[1]] : both;
    };
  }

  function spark(row, cells, years) {
    const points = [...years].reverse().map(year => [year, cells.get(`${row.id} ${year} level`) ?? null]).filter(([, cell]) => cell && cell.status !== "target");
    if (points.length < 2) return null;
    const amounts = points.map(([, cell]) => cell.value);
    const [low, high] = [Math.min(...amounts), Math.max(...amounts)];
    const x = year => 4 + ((year - points[0][0]) / (points.at(-1)[0] - points[0][0])) * 76;
    const y = amount => (high === low ? 11 : 18 - ((amount - low) / (high - low)) * 14);
    return h("svg.spark", { viewBox: "0 0 84 22", "aria-hidden": "true" }, h("path", { d: `M${points.map(([year, cell]) => `${x(year).toFixed(1)},${y(cell.value).toFixed(1)}`).join("L")}` }), h("circle", { cx: x(points.at(-1)[0]), cy: y(amounts.at(-1)), r: 2.2 }));
  }

  // -- promised and delivered ----------------------------------------------------------------------------------------

  let verdict = "decided";
  function targetsCard() {
    const counts = new Map();
    for (const row of parts.targets) counts.set(row.verdict, (counts.get(row.verdict) ?? 0) + 1);
    const decided = new Set(["met", "on_the_mark", "missed"]);
    if (verdict === "decided" && !parts.targets.some(row => decided.has(row.verdict))) verdict = "all";
    const shown = parts.targets.filter(row => verdict === "all" || decided.has(row.verdict));
    const colours = { met: "--good", on_the_mark: "--good", missed: "--bad", undecidable: "--even", no_outturn: "--line" };
    const choose = id => () => { verdict = id; fill($("#targets").parentElement, valuesCard(), targetsCard(), contradictionsCard(), themesCard()); };
    return card("targets", "span-8", either("承诺与结果", "Promised and delivered"),
      [...counts].map(([id, n]) => `${code("target_verdict", id)} ${n}`).join(" · "),
      [h("span.segments", [["decided", either("已有结论", "Decided")], ["all", word("all")]].map(([id, label]) => h("button", { "aria-pressed": String(verdict === id), onclick: choose(id) }, label))),
        csv("targets", ["region_code", "indicator", "measure", "period", "target_low", "target_high", "bound", "unit", "outturn", "gap", "verdict", "target_quote", "outturn_quote"],
          shown.map(row => [key, row.indicator, row.measure, row.period, row.low, row.high, row.bound, row.unit, row.actual, row.gap, row.verdict, row.quote, row.actual_quote]))],
      parts.targets.length ? h("div.tally", { "aria-hidden": "true" }, ["met", "on_the_mark", "missed", "undecidable", "no_outturn"].filter(id => counts.get(id)).map(id => h("i", { style: { flex: counts.get(id), background: `var(${colours[id]})` } }))) : null,
      shown.length ? h("div.wide.scrolling", { tabIndex: 0 }, h("table.data.targets", h("thead", h("tr", h("th", word("period")), h("th", word("indicator")), h("th", word("verdict")), h("th.right", word("target")), h("th.right", word("outturn")), h("th.right", word("gap")))),
        h("tbody", shown.map(row => h("tr", h("td.number", g.period(row.period)), h("td", g.series(row.indicator, row.measure)), h("td", h(`span.tag.${row.verdict}`, code("target_verdict", row.verdict))),
          h("td.right", h("a", { href: evidence(row.doc, row.obs), title: row.quote ?? "" }, g.targetText(row.low, row.high, row.bound, row.unit))),
          h("td.right", row.actual === null ? h("span.faint", "–") : h("a", { href: evidence(row.actual_doc, row.actual_obs), title: row.actual_quote ?? "" }, value(row.actual, row.unit), row.basis === "averaged" ? either(" (平均)", " (averaged)") : "")),
          h("td.right.soft", g.signed(row.gap, row.unit)))))))
        : h("p.empty", either("没有目标。", "No targets.")));
  }

  // -- contradictions ------------------------------------------------------------------------------------------------

  function contradictionsCard() {
    const rows = parts.contradictions;
    const unit = row => g.unitUnder(row.indicator, row.measure);
    return card("contradictions", "span-4", either("文内矛盾", "Contradictions in its own text"),
      either("本应一致的表述不一致；只指出，不更正。", "Statements that should agree and do not. Nothing is corrected."), [],
      rows.length ? rows.map(row => h("div.contradiction", h("div", h("b", `${g.series(row.indicator, row.measure ?? "level")}, ${g.period(row.period)}`)),
        h("div", either("所述 ", "stated "), h("b", value(row.stated, unit(row))), either("，推得 ", ", implied "), h("b", value(row.implied, unit(row)))),
        h("div.faint", { title: row.rule }, g.check(row.check)),
        h("ul", [[row.quote, row.obs], [row.other_quote, row.other_obs], [row.third_quote, row.third_obs]].filter(([quote]) => quote).map(([quote, obs]) => h("li.quote", h("a", { href: evidence(row.doc, obs) }, quote))))))
        : h("p.empty", either("没有发现。", "None were found.")));
  }

  // -- themes --------------------------------------------------------------------------------------------------------

  let everyTheme = false;
  function themesCard() {
    const years = [...new Set(parts.themes.map(row => row.year))].sort((a, b) => b - a);
    const byTheme = new Map();
    const size = new Map();
    for (const row of parts.themes) {
      byTheme.set(row.theme, (byTheme.get(row.theme) ?? new Map()).set(row.year, row));
      size.set(row.year, Math.max(size.get(row.year) ?? 0, row.characters));
    }
    const per = row => (row ? (10000 * row.mentions) / size.get(row.year) : 0);
    const names = new Map(g.index().themes.map(theme => [theme.id, either(theme.zh, theme.en)]));
    const ranked = [...byTheme].sort((a, b) => total(b[1]) - total(a[1]));
    const shown = everyTheme ? ranked : ranked.slice(0, 18);
    const most = Math.max(1, ...parts.themes.map(per));
    return card("themes", "span-12", either("政策主题", "Policy themes over the years"), either("每万字提及次数，按报告年份", "Mentions per ten thousand characters, by year of the report"),
      [ranked.length > shown.length ? h("button.tool", { onclick: () => { everyTheme = true; g.redraw(); } }, either(`显示全部 ${ranked.length} 个`, `Show all ${ranked.length}`)) : null,
        csv("themes", ["region_code", "theme", "report_year", "mentions", "per_10k"], parts.themes.map(row => [key, row.theme, row.year, row.mentions, per(row)]))],
      shown.length ? h("div.wide.sticky-first", { tabIndex: 0 }, h("table.data.heat", h("thead", h("tr", h("th", either("主题", "Theme")), years.map(year => h("th.right", String(year))))),
        h("tbody", shown.map(([id, row]) => h("tr", h("td", names.get(id) ?? id), years.map(year => h("td", row.get(year) ? h("span", { title: `${row.get(year).mentions}`, style: { "--share": (0.06 + (0.5 * per(row.get(year))) / most).toFixed(2) } }, per(row.get(year)).toFixed(1)) : h("span.faint", { style: { "--share": 0 } }, "–"))))))))
        : h("p.empty", either("没有主题。", "No themes.")));
  }
  const total = rows => [...rows.values()].reduce((n, row) => n + row.mentions, 0);
})();
