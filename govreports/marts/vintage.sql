-- Every statement of the same fact over all reports, in the order of delivery, with its revision against the report before.
--
-- Targets stand in the list but are neither revised nor revise. Statements under another 口径 or against another base are
-- another fact, and so is what came on top of a count. A bound (突破300亿元) is no basis for a revision. What one report says
-- twice is no revision either (see consistency): of an earlier report its best statement counts.

WITH ordered AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY region_code, indicator_id, measure, unit_measure, time_period
            ORDER BY delivered_on, report_year, doc_id, raw_start, observation_id
        ) AS statement,
        status <> 'target' AND bound IN ('point', 'approx') AS revisable
    FROM statement
    WHERE time_period IS NOT NULL
),
told AS (
    SELECT region_code, indicator_id, measure, unit_measure, time_period, definition_note, base_period, added,
           delivered_on, report_year, doc_id, arg_min(obs_value, precedence) AS obs_value
    FROM ordered
    WHERE revisable
    GROUP BY ALL
),
before AS (
    SELECT * EXCLUDE (obs_value),
           lag(obs_value) OVER (
               PARTITION BY region_code, indicator_id, measure, unit_measure, time_period, definition_note, base_period, added
               ORDER BY delivered_on, report_year, doc_id
           ) AS previous_value
    FROM told
    QUALIFY previous_value IS NOT NULL
)
SELECT
    o.region_code, o.indicator_id, o.measure, o.unit_measure, o.time_period, o.observation_id, o.statement, o.report_year,
    o.doc_id, o.status, o.bound, o.obs_value, b.previous_value, o.obs_value - b.previous_value AS revision, o.quote
FROM ordered AS o
LEFT JOIN before AS b
  ON o.revisable AND b.doc_id = o.doc_id AND b.region_code = o.region_code AND b.indicator_id = o.indicator_id
 AND b.measure = o.measure AND b.unit_measure = o.unit_measure AND b.time_period = o.time_period AND b.added = o.added
 AND b.definition_note = o.definition_note AND b.base_period IS NOT DISTINCT FROM o.base_period
