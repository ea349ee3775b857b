-- The indicators of five-year plans, and of reports that plan four years or more: where they start and where they are to arrive.
--
-- The target is the one for the latest period of the plan; the base is what the same document says of the last period before the
-- plan. 约束性 and 预期性 are read from the row of the table in which the target stands, or from the sentence.

WITH plans AS (
    SELECT doc_id, plan_start
    FROM text.document
    WHERE completeness <> 'secondary' AND duplicate_of IS NULL
      AND (doc_type = 'five_year_plan' OR (doc_type <> 'other' AND date_diff('year', plan_start, plan_end) >= 3))
),
goal AS (
    SELECT s.*, p.plan_start
    FROM statement AS s
    JOIN plans AS p USING (doc_id)
    WHERE s.status = 'target' AND s.time_period IS NOT NULL
      -- Beyond the first year of the plan: what is to be done this year is no goal of the plan.
      AND s.period_end >= p.plan_start + INTERVAL 2 YEAR
    QUALIFY row_number() OVER (
        PARTITION BY s.doc_id, s.indicator_id, s.measure ORDER BY s.period_end DESC, s.in_table DESC, s.precedence
    ) = 1
),
base AS (
    SELECT s.*
    FROM statement AS s
    JOIN goal AS g
      ON g.doc_id = s.doc_id AND g.indicator_id = s.indicator_id AND g.measure = s.measure AND g.unit_measure = s.unit_measure
     AND g.added = s.added
    WHERE s.status IN ('actual', 'estimated') AND s.time_period IS NOT NULL AND s.period_end < g.period_end
    QUALIFY row_number() OVER (
        PARTITION BY s.doc_id, s.indicator_id, s.measure
        -- Whole years and spans before parts of years, then the latest.
        ORDER BY s.freq IS NULL OR s.freq NOT IN ('A', 'A5'), s.period_end DESC, s.precedence
    ) = 1
),
-- The rows of tables that say which kind of indicator stands in them.
kind AS (
    SELECT section_id, row_number, any_value(text) AS text, min(raw_start) AS from_raw, max(raw_end) AS to_raw
    FROM (
        SELECT section_id, row_number,
               CASE WHEN regexp_matches(text, '约束性|预期性') THEN text END AS text,
               min(raw_start) OVER row_of AS raw_start, max(raw_end) OVER row_of AS raw_end
        FROM text.table_cell
        WINDOW row_of AS (PARTITION BY section_id, row_number)
    )
    WHERE text IS NOT NULL
    GROUP BY section_id, row_number
),
worded AS (
    SELECT g.observation_id,
           coalesce(
               any_value(k.text),
               any_value(CASE WHEN regexp_matches(o.sentence, '约束性|预期性') THEN o.sentence END)
           ) AS binding_quote
    FROM goal AS g
    JOIN core.observation_corrected AS o USING (observation_id)
    LEFT JOIN kind AS k ON k.section_id = o.section_id AND o.raw_start >= k.from_raw AND o.raw_end <= k.to_raw
    GROUP BY g.observation_id
)
SELECT
    g.doc_id, g.indicator_id, g.measure, g.region_code, g.unit_measure,
    b.time_period AS base_period, b.obs_value AS base_value, b.observation_id AS base_observation_id, bo.quote AS base_quote,
    g.time_period AS target_period, g.obs_value AS target_value, g.bound AS target_bound,
    g.observation_id AS target_observation_id, o.quote AS target_quote,
    CASE WHEN contains(w.binding_quote, '约束性') AND NOT contains(w.binding_quote, '预期性') THEN '约束性'
         WHEN contains(w.binding_quote, '预期性') AND NOT contains(w.binding_quote, '约束性') THEN '预期性'
    END AS binding,
    w.binding_quote
FROM goal AS g
JOIN core.observation_corrected AS o ON o.observation_id = g.observation_id
JOIN worded AS w ON w.observation_id = g.observation_id
LEFT JOIN base AS b ON b.doc_id = g.doc_id AND b.indicator_id = g.indicator_id AND b.measure = g.measure
LEFT JOIN core.observation_corrected AS bo ON bo.observation_id = b.observation_id
ORDER BY g.doc_id, g.indicator_id, g.measure
