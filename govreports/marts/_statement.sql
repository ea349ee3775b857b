-- What all marts read: every usable statement of a report about its own region, under the region's code of today.
--
-- Not usable: documents that only retell a report (secondary), other kinds of documents, near duplicates, and goals of earlier
-- plans that a review quotes (past_target). Statements about sub-areas, higher areas or groups are no statements about the region.
--
-- precedence: where several statements compete for one cell the smallest number wins. In this order: actual, estimated, target;
-- the later delivery; no 口径 note; a point before a bound; text before table; then the surer reading, the earlier place.

CREATE OR REPLACE TEMP TABLE statement AS
WITH usable AS (
    SELECT
        observation_id, doc_id, d.region_code_current AS region_code, d.report_year, indicator_id, measure,
        obs_value, unit_measure, bound, o.status, obs_status, time_period, freq, period_start, period_end, base_period,
        o.price_basis, o.quote,
        coalesce(definition_note, '') AS definition_note,
        coalesce(d.delivered_on, make_date(d.report_year, 1, 1)) AS delivered_on,
        coalesce(s.kind = 'table', false) AS in_table,
        -- Half of the last digit as written, in the unit of obs_value.
        0.5 * pow(10, -coalesce(decimals, 0)) * CASE
            WHEN value <> 0 THEN abs(obs_value / value)
            ELSE pow(10, coalesce(written_mult, 0))
        END AS half_digit,
        -- The year of a table by year: calendar years, and spans of whole years by their last one.
        CASE
            WHEN freq = 'A' THEN year(period_start)
            WHEN measure IN ('growth_avg_annual', 'growth_cumulative')
                 AND month(period_start) = 1 AND month(period_end) = 12 THEN year(period_end)
        END AS year,
        o.confidence, o.raw_start
    FROM core.observation_corrected AS o
    JOIN text.document AS d USING (doc_id)
    LEFT JOIN (SELECT section_id, kind FROM text.section WHERE kind = 'table') AS s USING (section_id)
    WHERE d.completeness <> 'secondary'
      AND d.doc_type <> 'other'
      AND d.duplicate_of IS NULL
      AND o.scope = 'region'
      AND o.status IN ('actual', 'estimated', 'target')
)
SELECT
    *,
    row_number() OVER (ORDER BY
        CASE status WHEN 'actual' THEN 1 WHEN 'estimated' THEN 2 ELSE 3 END,
        delivered_on DESC, report_year DESC,
        definition_note <> '',
        CASE bound WHEN 'point' THEN 1 WHEN 'approx' THEN 2 ELSE 3 END,
        in_table,
        confidence DESC, doc_id, raw_start, observation_id
    ) AS precedence
FROM usable;

-- The best outturn of each fact: actual or estimated, one per region, indicator, measure, unit, period and base.
CREATE OR REPLACE TEMP TABLE outturn AS
SELECT s.*
FROM statement AS s
JOIN (
    SELECT min(precedence) AS precedence
    FROM statement
    WHERE status IN ('actual', 'estimated') AND time_period IS NOT NULL
    GROUP BY region_code, indicator_id, measure, unit_measure, time_period, coalesce(base_period, '')
) AS best USING (precedence);
