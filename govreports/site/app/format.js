/* Numbers as people write them: scaled, with unit and bound.
   Belongs here: how a value looks in either language. Does not belong here: names (see labels.js). */
"use strict";
(() => {
  const { chinese, either } = govreports;
  const SCALES = {
    zh: [[1e12, "万亿"], [1e8, "亿"], [1e4, "万"], [1, ""]],
    en: [[1e12, "trn "], [1e9, "bn "], [1e6, "mn "], [1, ""]],
  };
  // Written as they are, whatever their size.
  const UNSCALED = new Set(["PT", "PP", "TIMES", "RANK"]);

  // Symbols where English has them: names such as square metres make tables wide.
  const SYMBOLS = { M2: "m²", M3: "m³", M3_DAY: "m³/day", KM: "km", T: "t", TCE: "tce", TKM: "t·km", PKM: "p·km", KWH: "kWh", KW: "kW", KV: "kV", UG_M3: "µg/m³", MG_L: "mg/l", TEU: "TEU", MBPS: "Mbit/s", DEGREES: "°C", UNITS: "", PERSONS: "people", USD: "USD", EUR: "EUR", HKD: "HKD", JPY: "JPY" };

  function unitName(unit) {
    if (unit === "PT") return "%";
    if (unit === "PP") return either("个百分点", "pp");
    if (unit === "CNY") return either("元", "yuan");
    if (!chinese() && unit in SYMBOLS) return SYMBOLS[unit];
    const names = govreports.index()?.base_units[unit];
    return names ? either(names[0], names[1].replace(/^[A-Z](?=[a-z])/, first => first.toLowerCase())) : unit ?? "";
  }

  /** How values up to `largest` are written: `factor` divides them, `label` is the unit then. */
  function scale(largest, unit) {
    if (UNSCALED.has(unit)) return { factor: 1, label: unitName(unit) };
    const steps = SCALES[chinese() ? "zh" : "en"];
    const [factor, prefix] = steps.find(([size]) => Math.abs(largest) >= size) ?? [1, ""];
    return { factor, label: `${prefix}${unitName(unit)}`.trim() || either("个", "number") };
  }

  function number(value) {
    if (value === null || value === undefined) return "";
    const size = Math.abs(value);
    const digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3;
    return value.toLocaleString("en-US", { maximumFractionDigits: digits }).replace("-", "−");
  }

  /** A value in its base unit, scaled. */
  function value(amount, unit) {
    if (amount === null || amount === undefined) return "";
    const { factor, label } = scale(amount, unit);
    if (unit === "RANK") return either(`第 ${number(amount)} 位`, `no. ${number(amount)}`);
    if (unit === "PT") return `${number(amount)}%`;
    return `${number(amount / factor)} ${label === "number" ? "" : label}`.trim();
  }

  const BOUNDS = { approx: ["约 ", ""], at_least: ["≥ ", ""], at_most: ["≤ ", ""], near: ["近 ", ""] };
  const BOUNDS_EN = { approx: ["≈ ", ""], at_least: ["≥ ", ""], at_most: ["≤ ", ""], near: ["just below ", ""] };
  /** A value with its bound: ≥ 6%. */
  function bounded(amount, unit, bound) {
    const [before] = (chinese() ? BOUNDS : BOUNDS_EN)[bound] ?? [""];
    return `${before}${value(amount, unit)}`;
  }

  /** A value in a unit that is told elsewhere, such as on an axis. */
  function bare(amount, factor, bound) {
    const [before] = (chinese() ? BOUNDS : BOUNDS_EN)[bound] ?? [""];
    return `${before}${number(amount / factor)}`;
  }

  /** A target as its wording allows: a range, or one end of it. */
  function target(low, high, bound, unit) {
    if (bound === "range" && low !== null && high !== null) return `${value(low, unit).replace(/%$/, "")}–${value(high, unit)}`;
    if (bound === "approx" || bound === "near") return bounded((low + (high ?? low)) / 2, unit, "approx");
    return bounded(low ?? high, unit, bound);
  }

  /** A value as written: the number and unit of the report. */
  function written(row) {
    if (row.value !== null && row.value !== undefined) return `${plain(row.value)}${row.unit ?? ""}`;
    return `${plain(row.value_low)}–${plain(row.value_high)}${row.unit ?? ""}`;
  }
  const plain = amount => (amount === null || amount === undefined ? "" : String(amount));

  /** 2016/2020 as 2016–2020. */
  const period = text => (text ?? "").replace("/", "–");

  /** A signed difference. */
  function signed(amount, unit) {
    if (amount === null || amount === undefined) return "";
    const shown = value(Math.abs(amount), unit === "PT" ? "PP" : unit);
    return `${amount > 0 ? "+" : amount < 0 ? "−" : "±"}${shown}`;
  }

  Object.assign(govreports, { scale, number, value, bounded, bare, targetText: target, written, period, signed, unitName });
})();
