-- Every statement of the same fact over all reports, in the order of delivery, with its revision against the statement before.
--
-- Targets stand in the list but are neither revised nor revise. Statements under another 口径 or against another base are
-- another fact. A bound (突破300亿元) is no basis for a revision.

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
revised AS (
    SELECT
        *,
        CASE WHEN revisable THEN lag(obs_value) OVER (
            PARTITION BY region_code, indicator_id, measure, unit_measure, time_period, definition_note, base_period, revisable
            ORDER BY statement
        ) END AS previous_value
    FROM ordered
)
SELECT
    r.region_code, r.indicator_id, r.measure, r.unit_measure, r.time_period, r.observation_id, r.statement, r.report_year,
    r.doc_id, r.status, r.bound, r.obs_value, r.previous_value, r.obs_value - r.previous_value AS revision, o.quote
FROM revised AS r
JOIN core.observation_corrected AS o USING (observation_id)
