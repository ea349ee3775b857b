-- The best available value per region, year, indicator and measure.
--
-- Where no report states a growth on the year before, it is derived from two levels and marked obs_status I. Two levels give
-- nominal growth (price_basis current), whereas the stated growth of value added is real: a derived growth therefore never
-- enters region_year, ranking or target_vs_actual.

WITH chosen AS (
    SELECT region_code, year, indicator_id, measure, min(precedence) AS precedence
    FROM statement
    WHERE year IS NOT NULL
    GROUP BY region_code, year, indicator_id, measure
),
stated AS (
    SELECT c.region_code, c.year, c.indicator_id, c.measure, s.obs_value, s.unit_measure, s.bound, s.status, s.obs_status,
           s.doc_id, s.observation_id, s.definition_note, s.price_basis, s.quote, s.added
    FROM chosen AS c
    JOIN statement AS s USING (precedence)
),
-- Levels that can be divided by one another: amounts, not rates; stated as points; done, not planned.
level AS (
    SELECT * FROM stated
    WHERE measure = 'level'
      AND status IN ('actual', 'estimated')
      AND bound IN ('point', 'approx')
      AND unit_measure NOT IN ('PT', 'PP', 'TIMES', 'RANK')
      AND obs_value > 0
),
derived AS (
    SELECT now.region_code, now.year, now.indicator_id, 'growth_yoy' AS measure,
           100 * (now.obs_value / before.obs_value - 1) AS obs_value, 'PT' AS unit_measure, 'approx' AS bound,
           now.status, 'I' AS obs_status, now.doc_id, now.observation_id, now.definition_note,
           before.observation_id AS base_observation_id, now.quote,
           CASE WHEN now.unit_measure IN ('CNY', 'USD') THEN 'current' ELSE 'none' END AS price_basis
    FROM level AS now
    JOIN level AS before
      ON before.region_code = now.region_code AND before.indicator_id = now.indicator_id
     AND before.year = now.year - 1 AND before.unit_measure = now.unit_measure
     AND before.definition_note = now.definition_note AND before.added = now.added
    ANTI JOIN (SELECT * FROM stated WHERE measure = 'growth_yoy') AS told
      ON told.region_code = now.region_code AND told.indicator_id = now.indicator_id AND told.year = now.year
),
cell AS (
    SELECT *, NULL AS base_observation_id FROM stated
    UNION ALL BY NAME
    SELECT * FROM derived
)
SELECT
    region_code, year, indicator_id, measure, obs_value, unit_measure, bound, status, obs_status, price_basis, doc_id,
    observation_id, base_observation_id, nullif(definition_note, '') AS definition_note, quote,
    'site/report/' || doc_id || '.html#obs=' || observation_id AS evidence_url
FROM cell
ORDER BY region_code, year, indicator_id, measure
