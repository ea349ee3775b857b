/* The quality page: scores on golden labels and every error, refusals, self-checks, contradictions, the last changes.
   Belongs here: its tables. */
"use strict";
(() => {
  const g = govreports;
  const { h, fill, load, either, word, code } = g;
  let q;

  g.frame(draw, "quality");

  async function draw(main) {
    try {
      g.use(await load("index"));
      g.built(g.index());
      q = await load("quality");
      document.title = either("质量 · govreports", "Quality · govreports");
      fill(main, h("section.lead", h("div", h("h1", either("数据质量", "Quality")), h("p.sub", either("读得多准，哪里读错，什么被拒绝，什么自相矛盾。", "How well values are read, where they are not, what was refused and what contradicts itself.")))),
        h("div.grid.loose", scores(), errors(), refusals(), checks(), contradictions(), corrections(), changes(), tables()));
      document.body.dataset.ready = "true";
    } catch (error) { g.failed(main, error); }
  }

  const percent = share => `${(100 * share).toFixed(1)}%`;
  const report = (doc, obs, ...children) => h("a", { href: `report/${doc}.html${obs ? `#obs=${obs}` : ""}` }, ...children);
  function card(id, span, title, note, ...children) {
    return h(`section.card.${span}`, { id }, h("header", h("h2", title), h("div.tools"), note ? h("p", note) : null), children);
  }
  /** A table: columns are [label, cell, right, raw value for CSV]. */
  function table(name, rows, columns, nothing) {
    if (!rows.length) return h("p.empty", nothing);
    return [h("div.wide.scrolling", { tabIndex: 0 }, h("table.data", h("thead", h("tr", columns.map(([label, , right]) => h(right ? "th.right" : "th", label)))), h("tbody", rows.map(row => h("tr", columns.map(([, cell, right]) => h(right ? "td.right" : "td", cell(row)))))))),
      h("div", { style: { "text-align": "right", "margin-top": ".5rem" } }, h("button.tool.save-csv", { onclick: () => g.downloadCsv(name, Object.keys(rows[0]), rows.map(row => Object.values(row).map(cell => (cell !== null && typeof cell === "object" ? JSON.stringify(cell) : cell)))) }, "CSV"))];
  }
  const bar = (share, colour = "--good") => h("span.meter", h("i", { style: { width: percent(share), background: `var(${colour})` } }));
  const name = id => (id === "all" ? h("b", either("全部", "All")) : g.indicatorName(id));

  function scores() {
    const rows = q.quality.filter(row => row.match === "value");
    const strict = new Map(q.quality.filter(row => row.match === "strict").map(row => [`${row.gold_set} ${row.indicator_id}`, row]));
    rows.sort((a, b) => (b.indicator_id === "all") - (a.indicator_id === "all") || a.f1 - b.f1);
    return card("scores", "span-7", either("金标准上的准确率与召回率", "Precision and recall on golden labels"),
      either("数值一致：指标、度量与数值相同；全部一致：单位、界限、状态、时期、范围与位置也相同。", "Value: indicator, measure and value agree. Strict: unit, bound, status, period, scope and place as well."),
      table("quality", rows, [[either("标注集", "Set"), row => row.gold_set], [word("indicator"), row => name(row.indicator_id)], [either("标注", "Labels"), row => g.number(row.labelled), true],
        [either("读出", "Read"), row => g.number(row.predicted), true], [either("准确率", "Precision"), row => [bar(row.precision), percent(row.precision)], true], [either("召回率", "Recall"), row => [bar(row.recall), percent(row.recall)], true],
        ["F1", row => row.f1.toFixed(3), true], [either("全部一致 F1", "Strict F1"), row => strict.get(`${row.gold_set} ${row.indicator_id}`)?.f1.toFixed(3) ?? "", true]],
        either("仓库中没有带标注的报告。", "None of the labelled reports is in the warehouse.")));
  }

  function errors() {
    const kinds = { missed: either("漏读", "Missed"), spurious: either("误读", "Spurious"), differs: either("属性不同", "Differs") };
    return card("errors", "span-5", either(`标注上的错误 (${q.errors.length})`, `Errors on the labels (${q.errors.length})`), either("每一条都可点开核对。", "Each leads to its place."),
      table("errors", q.errors, [["", row => h(`span.tag.${row.kind === "differs" ? "warning" : "error"}`, kinds[row.kind])], [word("indicator"), row => [h("a", { href: `report/${row.doc}.html#${row.obs ? `obs=${row.obs}` : `raw=${row.raw_start}-${row.raw_end}`}` }, g.series(row.indicator, row.measure)), row.attributes.length ? h("div.faint", row.attributes.join(", ")) : null]],
        [either("标注 / 读数", "Label / reading"), row => [row.label ? h("div", row.label) : null, row.reading ? h("div.soft", row.reading) : null]]], either("没有错误。", "None.")));
  }

  function refusals() {
    const note = q.refusals.map(row => `${code("reason_code", row.reason_code)} ${row.files}`).join(" · ");
    return card("refused", "span-6", either("被拒绝的文件", "Refused files"), note,
      table("refused", q.refused, [[word("file"), row => h("code.file", row.source_file)], [word("reason"), row => [h("span.tag", code("reason_code", row.reason_code)), h("div.soft", row.reason)]]], either("没有文件被拒绝。", "No file was refused.")));
  }

  function checks() {
    const note = q.checks.map(row => `${row.check_id} ${row.found}`).join(" · ");
    return card("checks", "span-6", either("触发的自检", "Self-checks that fired"), note,
      table("checks", q.fired, [[either("检查", "Check"), row => h(`span.tag.${row.severity}`, row.check_id)], [word("report"), row => report(row.doc_id, null, `${row.region_name ?? ""} ${row.report_year}`)], [either("说明", "Finding"), row => row.message]], either("没有触发。", "None fired.")));
  }

  const amount = (row, number) => g.value(number, g.unitUnder(row.indicator_id, row.measure));
  function contradictions() {
    const by = new Map();
    for (const row of q.consistency) by.set(row.verdict, (by.get(row.verdict) ?? 0) + row.pairs);
    const note = [...by].map(([verdict, n]) => `${code("consistency_verdict", verdict)} ${n}`).join(" · ");
    return card("contradictions", "span-12", either("自相矛盾的表述", "Statements that contradict each other"), note,
      table("contradictions", q.contradictions, [[word("region"), row => h("a", { href: `region/${row.region_code}.html` }, row.region_name)], [word("indicator"), row => g.series(row.indicator_id, row.measure ?? "level")], [word("period"), row => g.period(row.time_period)],
        [either("所述", "Stated"), row => report(row.doc_id, row.observation_id, amount(row, row.stated)), true], [either("推得", "Implied"), row => amount(row, row.implied), true], [either("容差", "Tolerance"), row => amount(row, row.tolerance), true], [either("检查", "Check"), row => h("span", { title: row.rule }, g.check(row.check_id))],
        [word("quote"), row => h("span.quote", [row.quote, row.other_quote, row.third_quote].filter(Boolean).join(" / "))]], either("没有发现。", "None were found.")));
  }

  function corrections() {
    return card("corrections", "span-12", either("人工更正", "Touched by hand"), either("corrections/ 中声明的更正", "Declared in corrections/"),
      table("corrections", q.corrections, [["ID", row => row.correction_id], [either("处理", "Action"), row => code("correction_action", row.action)], [word("value"), row => report(row.doc_id, row.observation_id, `${g.value(row.original_value, row.unit_measure)} → ${row.action === "drop" ? "∅" : g.value(row.obs_value, row.unit_measure)}`)], [word("reason"), row => row.reason]], either("没有。", "None.")));
  }

  function changes() {
    return card("changes", "span-6", either("与上次构建相比的变化", "Changes against the build before"), "",
      table("changes", q.changes, [[either("表", "Table"), row => h("code", row.name)], [either("变化", "Change"), row => [code("change", row.change), row.column_name ? h("span.faint", ` ${row.column_name}`) : null]], [either("行数", "Rows"), row => g.number(row.row_count), true],
        [either("示例", "Example"), row => [h("code", row.row_key ?? ""), row.old_value || row.new_value ? h("div.soft", `${row.old_value ?? ""} → ${row.new_value ?? ""}`) : null]]], either("没有变化，或这是第一次构建。", "None, or this is the first build.")));
  }

  function tables() {
    return card("tables", "span-6", either("发布文件中的表", "Tables of the published file"), "", table("tables", q.tables, [[either("表", "Table"), row => h("code", row.name)], [either("行数", "Rows"), row => g.number(row.row_count), true]], ""),
      q.rejects.length ? [h("h3", { style: { margin: "1rem 0 .4rem" } }, either("未进入仓库的行", "Rows kept out")), table("rejects", q.rejects, [[either("表", "Table"), row => h("code", row.name)], [word("reason"), row => code("reject_reason", row.reason_code)], [either("行数", "Rows"), row => g.number(row.rows), true], [either("示例", "Example"), row => row.example]], "")] : null);
  }
})();
