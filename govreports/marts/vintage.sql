-- Every statement of the same fact over all reports, in the order of delivery, with its revision against the statement before.
--
-- Targets stand in the list but are neither revised nor revise. Statements under another 口径 or against another base are
-- another fact, and so is what came on top of a count. A bound (突破300亿元) is no basis for a revision.

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
            PARTITION BY region_code, indicator_id, measure, unit_measure, time_period, definition_note, base_period, added,
                revisable
            ORDER BY statement
        ) END AS previous_value
    FROM ordered
)
SELECT
    region_code, indicator_id, measure, unit_measure, time_period, observation_id, statement, report_year, doc_id, status, bound,
    obs_value, previous_value, obs_value - previous_value AS revision, quote
FROM revised
