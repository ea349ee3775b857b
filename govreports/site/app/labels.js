/* Names of things in both languages: codes come with the index, what the pages say themselves stands here.
   Belongs here: words. Does not belong here: numbers (see format.js). */
"use strict";
(() => {
  const { either } = govreports;
  let index = null;

  const WORDS = {
    indicator: ["指标", "Indicator"], measure: ["度量", "Measure"], year: ["年份", "Year"], region: ["地区", "Region"],
    value: ["数值", "Value"], unit: ["单位", "Unit"], status: ["状态", "Status"], period: ["时期", "Period"], target: ["目标", "Target"],
    outturn: ["结果", "Outturn"], verdict: ["结论", "Verdict"], gap: ["差距", "Gap"], rank: ["位次", "Rank"], report: ["报告", "Report"],
    reason: ["原因", "Reason"], rule: ["规则", "Rule"], confidence: ["置信度", "Confidence"], scope: ["范围", "Scope"], bound: ["界限", "Bound"],
    quote: ["引句", "Quote"], actual: ["实际", "Actual"], estimated: ["预计", "Estimated"], all: ["全部", "All"], file: ["文件", "File"],
    section: ["章节", "Section"], price_basis: ["价格", "Prices"], base_period: ["基期", "Base period"], note: ["口径", "Definition"],
    reference_area: ["比较范围", "Compared within"], base_value: ["标准值", "In base units"], place: ["原文位置", "Place in raw text"],
    sort: ["排序", "Sort"], level: ["级别", "Level"], csv: ["CSV", "CSV"], png: ["PNG", "PNG"],
  };

  /** The label of a word of the pages. */
  const word = key => either(...WORDS[key]);

  function use(loaded) {
    if (index) return;
    index = { ...loaded, indicators: govreports.objects(loaded.indicators) };
  }

  /** The label of a code; the code itself where it has none. */
  function code(list, value) {
    if (value === null || value === undefined) return "";
    const found = index?.codes[list]?.[value];
    return found ? either(...found) : String(value);
  }

  const byId = new Map();
  function indicator(id) {
    if (!byId.size) index.indicators.forEach(row => byId.set(row.id, row));
    return byId.get(id);
  }
  function indicatorName(id) {
    const row = indicator(id);
    return row ? either(row.zh, row.en) : id;
  }

  const DOMAINS = {
    national_accounts: ["国民经济核算", "National accounts"], fiscal: ["财政税收", "Public finance"], industry: ["工业", "Industry"],
    investment: ["投资", "Investment"], consumption_trade: ["消费与贸易", "Consumption and trade"], agriculture: ["农业", "Agriculture"],
    people: ["人口与收入", "People and income"], livelihood: ["民生", "Livelihood"], environment: ["生态环境", "Environment"],
    innovation: ["创新", "Innovation"],
  };
  const domain = id => (DOMAINS[id] ? either(...DOMAINS[id]) : id ?? "");

  /** What a rule does. */
  const rule = id => (index?.rules[id] ? either(...index.rules[id]) : id);

  const LETTERS = { f: "found", n: "not_stated", d: "no_document", x: "region_did_not_exist", r: "refused", t: "truncated" };
  /** The reason why a cell is empty, by its letter. */
  const reason = letter => code("coverage_reason", LETTERS[letter]);

  const CHECKS = {
    growth_from_levels: ["增速与两年水平不符", "Growth against the levels of both years"],
    multiple_vs_average: ["倍数与年均增速不符", "Multiple against average growth"],
    cumulative_vs_average: ["累计增速与年均增速不符", "Cumulative against average growth"],
    span_from_levels: ["年均增速与首末水平不符", "Average growth against the levels at both ends"],
    shares_add_up: ["三项比重之和不为 100%", "Shares do not add to 100"],
    parts_add_up: ["各部分之和与总数不符", "The parts do not add to the whole"],
    part_above_whole: ["部分大于总体", "A part above its whole"],
    share_from_levels: ["比重与部分、总体不符", "Share against part and whole"],
    ratio_from_levels: ["人均值与总量、人口不符", "Level per head against level and population"],
    urban_above_rural: ["农村收入高于城镇", "Rural income above urban"],
    stated_twice: ["同一事实前后不一", "One fact stated with two values"],
    plausible_size: ["数值大小不合理", "Implausible size"],
  };
  /** What a check of consistency compares. */
  const check = id => (CHECKS[id] ? either(...CHECKS[id]) : id);

  /** The base unit of an indicator under a measure. */
  function unitUnder(id, measure) {
    const units = { rank: "RANK", multiple: "TIMES", pp_change: "PP" };
    return !measure || measure === "level" ? indicator(id)?.unit : units[measure] ?? "PT";
  }

  /** The name and measure of a series: 地区生产总值 · 同比增速. */
  const series = (id, measure) => `${indicatorName(id)}${measure === "level" ? "" : ` · ${code("measure", measure)}`}`;

  Object.assign(govreports, { check, unitUnder, word, use, code, indicator, indicatorName, domain, rule, reason, LETTERS, series, index: () => index });
})();
