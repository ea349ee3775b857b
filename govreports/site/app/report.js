/* The page of a report: outline, text with every observation and repair marked, what a mark was read as, review.
   Belongs here: laying marks over texts. Offsets count code points, as everywhere in the project; strings here count halves of
   some of them, so places are turned into positions first. */
"use strict";
(() => {
  const g = govreports;
  const { h, $, fill, load, objects, either, word, code, value } = g;
  const key = document.documentElement.dataset.key;
  // A repair longer than this converted a passage as a whole: underlining all of it would say nothing.
  const WHOLE = 60;
  const STATUSES = ["actual", "estimated", "target", "past_target"];
  let piece, parts, byId, order, chosen = null, place = null, raw = false, shown = new Set(STATUSES), fixes = true, contradictions = new Map();

  g.frame(draw, "report");
  addEventListener("hashchange", () => follow(true));
  addEventListener("keydown", keys);

  async function draw(main) {
    try {
      g.use(await load("index"));
      g.built(g.index());
      piece = await load(`report/${key}`);
      parts = Object.fromEntries(["sections", "observations", "fixes", "zones", "corrections", "checks"].map(name => [name, objects(piece[name])]));
      byId = new Map(parts.observations.map(row => [row.observation_id, row]));
      for (const row of parts.corrections) if (byId.has(row.observation_id)) byId.get(row.observation_id).correction = row;
      order = [...parts.observations].sort((a, b) => a.raw_start - b.raw_start || a.raw_end - b.raw_end);
      document.title = `${piece.document.region_name} ${piece.document.report_year} · govreports`;
      fill(main, head(), h("div.reader", h("aside.pane.outline-pane.card", { "aria-label": either("章节", "Outline") }, outline()),
        h("div.middle", bar(), h("div.paper", h("article.text.show-fixes", { lang: "zh-Hans" }))),
        h("aside.pane.card.reading-pane", { "aria-live": "polite" }, h("div.reading"))));
      await drawText();
      nothingChosen();
      follow(false);
      markContradictions();
      watchSections();
      document.body.dataset.ready = "true";
    } catch (error) { g.failed(main, error); }
  }

  /** What other statements of the region's reports say against a value; the page is complete without it. */
  async function markContradictions() {
    const region = await load(`region/${piece.document.region_code_current}`).catch(() => null);
    if (!region) return;
    for (const row of objects(region.contradictions)) {
      for (const obs of [row.obs, row.other_obs, row.third_obs]) if (byId.has(obs)) contradictions.set(obs, [...(contradictions.get(obs) ?? []), row]);
    }
    if (chosen) showReading(chosen);
  }

  // -- head ----------------------------------------------------------------------------------------------------------

  function head() {
    const d = piece.document;
    const fact = (label, text) => (text ? h("span", `${label} `, h("b", text)) : null);
    return h("section.report-head",
      h("p.crumbs", h("a", { href: "../index.html" }, either("比较", "Compare")), " › ", h("a", { href: `../region/${d.region_code_current}.html` }, d.region_name)),
      h("h1", d.title || `${d.region_name} ${d.report_year}`),
      h("div.facts", fact(either("报告年份", "Report year"), d.report_year), fact("", code("doc_type", d.doc_type)), d.completeness !== "full" ? h("span.tag.warning", code("completeness", d.completeness)) : null,
        fact(either("报告日期", "Delivered"), d.delivered_on), fact(either("会议", "Meeting"), d.meeting), fact(either("报告人", "Speaker"), d.speaker), fact(either("发布", "Publisher"), d.publisher),
        fact(either("损坏处", "Damaged spans"), d.damaged_spans || ""), d.duplicate_of ? h("a", { href: `${d.duplicate_of}.html` }, either("与另一份报告重复", "Duplicate of another report")) : null,
        h("span", `${word("file")} `, h("code", d.source_file))),
      parts.checks.length ? h("details.gaps", h("summary", either(`结构自检：${parts.checks.length} 条`, `Self-checks of the structure: ${parts.checks.length}`)), h("ul", parts.checks.map(row => h("li", h(`span.tag.${row.severity}`, row.check_id), " ", row.message)))) : null);
  }

  // -- outline -------------------------------------------------------------------------------------------------------

  const headings = () => parts.sections.filter(row => row.title && row.kind !== "passage" && row.kind !== "run_in" || row.kind === "run_in" && row.depth <= 2);
  function outline() {
    const listed = headings();
    return h("nav.outline", h("ol", listed.map(row => {
      const count = parts.observations.filter(o => o.clean_start !== null && o.clean_start >= row.clean_start && o.clean_start < row.clean_end).length;
      return h("li", h(`a.d${Math.min(row.depth, 6)}`, { href: `#section=${row.section_id}`, dataset: { section: row.section_id }, title: row.role ? code("section_role", row.role) : "", onclick: event => { event.preventDefault(); toSection(row); } },
        h("span", `${row.number ?? ""}${row.title.startsWith(row.number ?? "\u0000") ? row.title.slice((row.number ?? "").length) : row.title}`), count ? h("span.count", String(count)) : null));
    })), listed.length ? null : h("p.empty", either("没有章节。", "No outline.")));
  }

  function toSection(row) {
    const target = document.getElementById(`section-${row.section_id}`);
    target?.scrollIntoView({ block: "start" });
    $(".reader").classList.remove("outlined");
  }

  function watchSections() {
    const links = new Map([...document.querySelectorAll(".outline a")].map(link => [link.dataset.section, link]));
    const here = () => {
      const anchors = [...document.querySelectorAll(".text [data-section]")];
      const at = anchors.findLast(anchor => anchor.getBoundingClientRect().top < 160) ?? anchors[0];
      for (const link of links.values()) link.classList.remove("here");
      links.get(at?.dataset.section)?.classList.add("here");
    };
    let waiting;
    onscroll = () => { waiting ??= requestAnimationFrame(() => { waiting = null; here(); }); };
    here();
  }

  // -- the bar over the text -----------------------------------------------------------------------------------------

  function bar() {
    const counts = Object.fromEntries(STATUSES.map(status => [status, parts.observations.filter(row => row.status === status).length]));
    return h("div.bar",
      h("button.tool.outline-button", { onclick: () => $(".reader").classList.toggle("outlined") }, either("章节", "Outline")),
      h("span.segments", { role: "group", "aria-label": either("文本", "Text") },
        h("button", { id: "show-clean", "aria-pressed": String(!raw), onclick: () => switchText(false) }, either("清洗文本", "Cleaned")),
        h("button", { id: "show-raw", "aria-pressed": String(raw), onclick: () => switchText(true) }, either("原始文本", "Raw"))),
      STATUSES.filter(status => counts[status]).map(status => h("label", h("input", { type: "checkbox", checked: shown.has(status), onchange: event => { event.target.checked ? shown.add(status) : shown.delete(status); showStatuses(); } }), h(`span.tag.${status}`, `${code("status", status)} ${counts[status]}`))),
      parts.fixes.length ? h("label", h("input", { type: "checkbox", checked: fixes, onchange: event => { fixes = event.target.checked; $(".text").classList.toggle("show-fixes", fixes); } }), either(`修复 ${parts.fixes.length}`, `Repairs ${parts.fixes.length}`)) : null,
      h("span.where", h("button.tool", { id: "previous", onclick: () => step(-1), title: "k" }, "↑"), h("span.position", `${order.length}`), h("button.tool", { id: "next", onclick: () => step(1), title: "j" }, "↓")));
  }

  async function switchText(toRaw) {
    raw = toRaw;
    $("#show-clean").setAttribute("aria-pressed", String(!raw));
    $("#show-raw").setAttribute("aria-pressed", String(raw));
    await drawText();
    if (chosen) reveal(chosen);
  }

  function showStatuses() {
    for (const mark of document.querySelectorAll("mark.obs")) mark.classList.toggle("off", !mark.dataset.obs.split(" ").some(id => shown.has(byId.get(id).status)));
  }

  // -- the text with its marks ---------------------------------------------------------------------------------------

  /** Positions in a string of places that count code points. */
  function positions(text) {
    if (!/[\ud800-\udfff]/.test(text)) return at => at;
    const found = [];
    let at = 0;
    for (const char of text) { found.push(at); at += char.length; }
    found.push(at);
    return place => found[Math.min(place, found.length - 1)];
  }

  async function drawText() {
    const article = $("article.text");
    const text = raw ? (await load(`raw/${key}`)).text : piece.text;
    const at = positions(text);
    const [start, end] = raw ? ["raw_start", "raw_end"] : ["clean_start", "clean_end"];
    const placed = (rows, kind) => rows.filter(row => row[start] !== null && (row[end] > row[start] || kind === "fix")).map(row => ({ from: at(row[start]), to: at(row[end]), kind, row }));
    const marks = [...placed(parts.observations, "obs"), ...placed(parts.fixes, "fix"), ...(raw && place ? [{ from: at(place[0]), to: at(place[1]), kind: "place", row: null }] : [])].sort((a, b) => a.from - b.from || b.to - a.to);
    const muted = raw ? placed(parts.zones.filter(zone => ["front_chrome", "tail_chrome", "metadata", "repeated_copy"].includes(zone.kind)), "muted") : [];
    const heads = new Map(raw ? [] : parts.sections.filter(row => row.clean_start !== null && row.kind !== "table").map(row => [at(row.clean_start), row]).reverse());
    const titles = raw ? [] : placed(parts.zones.filter(zone => zone.kind === "title_block"), "title");
    article.classList.toggle("raw", raw);
    article.classList.toggle("show-fixes", fixes);
    const seen = new Set();
    const paragraphs = [];
    let begin = 0, next = 0;
    for (const line of text.split("\n")) {
      const finish = begin + line.length;
      while (next < marks.length && marks[next].to < begin) next++;
      const here = [];
      for (let i = next; i < marks.length && marks[i].from <= finish; i++) if (marks[i].to >= begin) here.push(marks[i]);
      paragraphs.push(paragraph(line, begin, here, heads.get(begin), { title: covers(titles, begin), muted: covers(muted, begin) }, seen));
      begin = finish + 1;
    }
    fill(article, paragraphs);
    showStatuses();
    if (chosen) paintChosen();
  }
  const covers = (spans, at) => spans.some(span => span.from <= at && at < span.to);

  function paragraph(line, begin, marks, section, zone, seen) {
    const isHeading = section && section.title && !["passage", "run_in"].includes(section.kind) && line.length < 90;
    const classes = isHeading ? `heading d${section.depth}` : zone.title ? "title" : raw ? (zone.muted ? "muted" : "") : "indent";
    return h("p", { class: classes || null, id: section ? `section-${section.section_id}` : null, dataset: section ? { section: section.section_id } : {} }, segments(line, begin, marks, seen));
  }

  /** The line cut where marks begin and end; a stretch under several marks carries all of them. */
  function segments(line, begin, marks, seen) {
    if (!marks.length) return [line];
    const cuts = [...new Set([begin, begin + line.length, ...marks.flatMap(mark => [mark.from, mark.to])])].filter(cut => cut >= begin && cut <= begin + line.length).sort((a, b) => a - b);
    const out = [];
    const gone = marks.filter(mark => mark.from === mark.to);
    for (let i = 0; i < cuts.length; i++) {
      out.push(gone.filter(mark => mark.from === cuts[i]).map(mark => h("mark.fix.gone", { title: repair(mark.row) })));
      if (i + 1 === cuts.length) break;
      const over = marks.filter(mark => mark.from <= cuts[i] && mark.to >= cuts[i + 1]);
      const text = line.slice(cuts[i] - begin, cuts[i + 1] - begin);
      out.push(over.length ? marked(text, over, seen) : text);
    }
    return out;
  }

  function marked(text, over, seen) {
    const observed = over.filter(mark => mark.kind === "obs").map(mark => mark.row);
    const repaired = over.filter(mark => mark.kind === "fix").map(mark => mark.row);
    let content = over.some(mark => mark.kind === "place") ? h("mark.place", text) : text;
    if (repaired.length) {
      // The shortest says most.
      const fix = repaired.reduce((a, b) => (b.raw_end - b.raw_start < a.raw_end - a.raw_start ? b : a));
      const unsure = fix.confidence !== null && fix.confidence < 0.5;
      const whole = fix.raw_end - fix.raw_start > WHOLE;
      content = h(`mark.fix${unsure ? ".unsure" : whole ? ".whole" : ""}`, { title: repair(fix) }, content);
    }
    if (!observed.length) return content;
    const ids = observed.map(row => row.observation_id);
    const first = ids.filter(id => !seen.has(id));
    first.forEach(id => seen.add(id));
    const status = observed[0].status;
    const mark = h(`mark.obs.${status}`, {
      dataset: { obs: ids.join(" ") }, id: first.length ? `obs-${first[0]}` : null, tabIndex: first.length ? 0 : null, role: first.length ? "button" : null,
      "aria-label": first.length ? `${text} — ${observed.map(row => g.series(row.indicator_id, row.measure)).join("; ")}` : null,
      onclick: () => choose(ids), onkeydown: event => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(ids); } },
    }, content);
    if (observed.some(row => row.correction)) mark.classList.add("hand");
    return mark;
  }
  const repair = fix => `${fix.fixer}: ${visible(fix.before)} → ${visible(fix.after)}`;
  const visible = text => (text ? text.replaceAll("\n", "⏎").replaceAll(" ", "␣").replaceAll("\u3000", "␣") : "∅");

  // -- choosing a value ----------------------------------------------------------------------------------------------

  /** Choose the first of the values under a mark, or the next one where it is chosen already. */
  function choose(ids) {
    const at = ids.indexOf(chosen);
    go(ids[(at + 1) % ids.length]);
  }
  function go(id) {
    history.replaceState(null, "", `${location.pathname}${location.search}#obs=${id}`);
    chosen = id;
    paintChosen();
    showReading(id);
  }

  /** Go where the address points. */
  function follow(smooth) {
    const asked = g.state();
    if (asked.obs && byId.has(asked.obs)) {
      go(asked.obs);
      reveal(asked.obs, smooth);
    } else if (asked.obs) fill($(".reading"), h("p.notice", either("本报告中没有这个数值：规则改变后它可能已不再读出。", "This report holds no such value: rules that changed may not read it any more.")));
    const raws = /^(\d+)-(\d+)$/.exec(asked.raw ?? "");
    if (raws) showPlace(Number(raws[1]), Number(raws[2]));
    if (asked.section) document.getElementById(`section-${asked.section}`)?.scrollIntoView({ block: "start", behavior: "instant" });
  }
  /** Show a place of the raw text that is no observation, such as a label that nobody read. */
  async function showPlace(start, end) {
    place = [start, end];
    await switchText(true);
    $("mark.place")?.scrollIntoView({ block: "center", behavior: "instant" });
  }
  const marksOf = id => [...document.querySelectorAll("mark.obs")].filter(mark => mark.dataset.obs.split(" ").includes(id));

  function reveal(id, smooth) {
    // On a telephone the reading covers the lower half: `scroll-margin` keeps the mark above it.
    marksOf(id)[0]?.scrollIntoView({ block: innerWidth <= 720 ? "nearest" : "center", behavior: smooth ? "auto" : "instant" });
  }
  function paintChosen() {
    for (const mark of document.querySelectorAll("mark.chosen")) mark.classList.remove("chosen");
    for (const mark of marksOf(chosen)) mark.classList.add("chosen");
    $(".position").textContent = `${order.findIndex(row => row.observation_id === chosen) + 1}/${order.length}`;
  }

  function step(direction) {
    const visibleRows = order.filter(row => shown.has(row.status));
    if (!visibleRows.length) return;
    const at = visibleRows.findIndex(row => row.observation_id === chosen);
    const row = visibleRows[(at + direction + visibleRows.length) % visibleRows.length];
    go(row.observation_id);
    reveal(row.observation_id, true);
  }
  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    if (event.key === "j" || event.key === "n") step(1);
    else if (event.key === "k" || event.key === "p") step(-1);
    else if (event.key === "r") switchText(!raw);
    else if (event.key === "Escape") { chosen = null; nothingChosen(); }
  }

  // -- what it was read as -------------------------------------------------------------------------------------------

  function nothingChosen() {
    for (const mark of document.querySelectorAll("mark.chosen")) mark.classList.remove("chosen");
    $(".reading-pane").classList.remove("open");
    fill($(".reading"), h("h2", either("读数", "Reading")), h("p.soft", { style: { margin: ".5rem 0" } }, either("点击文中标记的数值，查看它被读成什么、由哪条规则读出。", "Click a marked value to see what it was read as, and by which rule.")),
      h("p.faint", h("kbd", "j"), " ", h("kbd", "k"), either(" 下一个、上一个 · ", " next, previous · "), h("kbd", "r"), either(" 原始文本", " raw text")));
  }

  function showReading(id) {
    const row = byId.get(id);
    $(".reading-pane").classList.add("open");
    const entry = (label, content) => (content || content === 0 ? [h("dt", label), h("dd", content)] : null);
    const same = order.filter(other => other !== row && other.raw_start < row.raw_end && row.raw_start < other.raw_end);
    fill($(".reading"),
      h("button.plain.close", { onclick: () => { chosen = null; nothingChosen(); }, "aria-label": either("关闭", "Close") }, "×"),
      h(`span.tag.${row.status}`, code("status", row.status)), row.correction ? h("span.tag.hand", { style: { "margin-left": ".35rem" } }, either("人工更正", "touched by hand")) : null,
      h("div.big", `${boundWord(row.bound)}${g.written(row)}`), h("div", h("b", g.indicatorName(row.indicator_id)), ` · ${code("measure", row.measure)}`),
      quoteIn(row),
      row.correction ? handNote(row.correction) : null,
      h("dl", entry(word("period"), row.time_period ? g.period(row.time_period) : either("原文未述", "not stated")), entry(word("base_period"), g.period(row.base_period)),
        entry(word("base_value"), row.value === null || row.obs_value !== row.value ? value(row.obs_value, row.unit_measure) : null), entry(word("bound"), row.bound === "point" ? null : code("bound", row.bound)),
        entry(word("scope"), row.scope === "region" ? null : row.scope), entry(word("reference_area"), row.reference_area), entry(word("note"), row.definition_note),
        entry(word("price_basis"), ["constant", "current"].includes(row.price_basis) ? code("price_basis", row.price_basis) : null), entry(either("观测状态", "Obs. status"), row.obs_status === "A" ? null : code("obs_status", row.obs_status)),
        entry(word("rule"), [g.rule(row.rule_id), " ", h("code", row.rule_id)]),
        entry(word("confidence"), h("span.number", h("span.meter", h("i", { style: { width: `${Math.round(100 * row.confidence)}%` } })), row.confidence.toFixed(2))),
        entry(word("place"), h("span.number", `${row.raw_start}–${row.raw_end}`)), entry("ID", h("code", row.observation_id))),
      (contradictions.get(id) ?? []).map(row => h("div.contradiction", h("b", either("与其他表述矛盾", "Contradicts another statement")), h("div", `${g.check(row.check)}: ${either("所述", "stated")} ${value(row.stated, g.unitUnder(row.indicator, row.measure))}, ${either("推得", "implied")} ${value(row.implied, g.unitUnder(row.indicator, row.measure))}`),
        h("ul", [[row.quote, row.obs], [row.other_quote, row.other_obs], [row.third_quote, row.third_obs]].filter(([quote, obs]) => quote && byId.has(obs) && obs !== id).map(([quote, obs]) => h("li.quote", h("a", { href: `#obs=${obs}` }, quote)))))),
      same.length ? h("div.others", h("span.soft", either("同一处的其他读数", "Also read here")), same.map(other => h("button.tool", { onclick: () => go(other.observation_id) }, `${g.series(other.indicator_id, other.measure)}: ${g.written(other)}`))) : null,
      h("button.tool", { id: "review-button", onclick: event => { event.target.replaceWith(review(row)); } }, either("这个数值有误？", "Is this value wrong?")));
  }

  function boundWord(bound) {
    const words = { approx: ["约 ", "≈ "], at_least: ["≥ ", "≥ "], at_most: ["≤ ", "≤ "], near: ["近 ", "just below "] };
    return words[bound] ? either(...words[bound]) : "";
  }

  /** The sentence around a value, the value in it. */
  function quoteIn(row) {
    if (row.clean_start === null) return h("blockquote", h("b", row.quote));
    const at = positions(piece.text);
    const [from, to] = [at(row.clean_start), at(row.clean_end)];
    let start = from, end = to;
    while (start > 0 && from - start < 160 && !/[。；;！？!?\n]/.test(piece.text[start - 1])) start--;
    while (end < piece.text.length && end - to < 160 && !/[。；;！？!?\n]/.test(piece.text[end])) end++;
    const tint = { "--tint": `var(--${row.status.replace("_", "-")}-tint)` };
    return h("blockquote", { lang: "zh-Hans", style: tint }, piece.text.slice(start, from), h("b", piece.text.slice(from, to)), piece.text.slice(to, end));
  }

  function handNote(correction) {
    const changed = correction.action === "drop" ? either("已删除", "dropped") : `${g.number(correction.original_value)} → ${g.number(correction.obs_value)}`;
    return h("div.hand-note", h("b", `${code("correction_action", correction.action)} · ${changed}`), h("div", correction.reason), h("div.faint", `${correction.correction_id} · ${correction.corrected_on}`));
  }

  // -- review --------------------------------------------------------------------------------------------------------

  const served = () => ["127.0.0.1", "localhost"].includes(location.hostname);
  function review(row) {
    const form = h("div.review",
      h("h3", either("更正", "Correction")),
      h("label.field", h("span", either("应当", "What is right")), h("select", { id: "review-action", onchange: () => { $("#review-value").parentElement.parentElement.hidden = $("#review-action").value !== "override"; } },
        h("option", { value: "override" }, either("另一个数值", "Another value")), h("option", { value: "drop" }, either("不是这个指标的数值，删除", "No value of this indicator: drop it")), h("option", { value: "flag" }, either("存疑，标为可靠性低", "Doubtful: flag as of low reliability")))),
      h("div.two", h("label.field", h("span", either("正确数值", "Right value")), h("input", { id: "review-value", type: "text", inputMode: "decimal", value: row.value ?? "" })), h("label.field", h("span", word("unit")), h("input", { type: "text", value: row.unit ?? "", disabled: true }))),
      h("label.field", h("span", either("理由（必填）", "Reason (needed)")), h("textarea", { id: "review-reason" })),
      served() ? h("label.field", h("span", either("口令（启动服务时所印）", "Token (printed by --serve)")), h("input", { id: "review-token", type: "text", value: g.token(), autocomplete: "off" })) : null,
      h("div", h("button.primary", { id: "review-save", onclick: () => save(row) }, served() ? either("写入 corrections/", "Write to corrections/") : either("下载更正条目", "Download the entry")),
        served() ? h("button.tool", { id: "review-download", style: { "margin-left": ".5rem" }, onclick: () => save(row, true) }, either("下载", "Download")) : null),
      h("p.said.soft", { role: "status" }, either("放入 corrections/ 后，下次构建生效。", "In corrections/ it takes effect with the next build.")));
    return form;
  }

  /** The entry as corrections/ wants it, or a sentence that says what is missing. */
  function entry(row) {
    const action = $("#review-action").value;
    const reason = $("#review-reason").value.trim();
    if (!reason) return either("请写明理由。", "Give a reason.");
    const expect = row.value === null ? { value_low: row.value_low, value_high: row.value_high, unit: row.unit } : { value: row.value, unit: row.unit };
    const made = { id: `review-${row.observation_id}`, action, where: { observation_id: row.observation_id }, expect, reason, date: new Date().toISOString().slice(0, 10) };
    if (action === "override") {
      const right = Number($("#review-value").value.trim().replace(/[,，\s]/g, "") || NaN);
      if (!Number.isFinite(right)) return either("请填写一个数。", "Give a number.");
      if (right === row.value) return either("这与现有数值相同。", "That is the value as it is.");
      const scaled = row.value ? row.obs_value / row.value : row.value_low ? row.obs_value / ((row.value_low + row.value_high) / 2) : 1;
      made.set = { value: right, obs_value: Number((right * scaled).toPrecision(12)), ...(row.value === null ? { value_low: null, value_high: null, bound: "point" } : {}) };
    }
    if (action === "flag") made.obs_status = "U";
    return made;
  }

  /** YAML of an entry: strings and mappings as JSON writes them, which YAML reads too. */
  function yaml(made) {
    return Object.entries(made).map(([name, content], i) => `${i ? "  " : "- "}${name}: ${["action", "date"].includes(name) ? content : JSON.stringify(content)}`).join("\n") + "\n";
  }

  async function save(row, toDisk) {
    const made = entry(row);
    const said = $(".review .said");
    if (typeof made === "string") { said.textContent = made; return; }
    if (toDisk || !served()) {
      g.download(`${made.id}.yml`, new Blob([yaml(made)], { type: "application/yaml" }));
      said.textContent = either(`已下载 ${made.id}.yml，放入 corrections/ 即可。`, `Downloaded ${made.id}.yml: put it into corrections/.`);
      return;
    }
    try {
      const answer = await fetch("/corrections", { method: "POST", headers: { "Content-Type": "application/json", "X-Govreports-Token": $("#review-token").value.trim() }, body: JSON.stringify(made) });
      const body = await answer.json();
      said.textContent = answer.ok ? either(`已写入 ${body.file}，下次构建生效。`, `Written to ${body.file}; it takes effect with the next build.`) : body.error;
    } catch (error) { said.textContent = String(error); }
  }
})();
