-- What all marts read: every usable statement of a report about its own region, under the region's code of today.
--
-- Not usable: documents that only retell a report (secondary), other kinds of documents, near duplicates, and goals of earlier
-- plans that a review quotes (past_target). Statements about sub-areas, higher areas or groups are no statements about the region.
-- Nor the start of a way whose year is not told (从5亿元增长到8.2亿元): it may be last year's or that of five years ago.
--
-- added: a count of what came on top (新增高新技术企业300家), not of all there are (高新技术企业达7397家). Both stand under one name.
--
-- precedence: where several statements compete for one cell the smallest number wins. In this order: actual, estimated, target;
-- the later delivery; no 口径 note; a point before a bound; text before table; then the surer reading, the earlier place.

CREATE OR REPLACE TEMP TABLE statement AS
WITH usable AS (
    SELECT
        observation_id, d.document AS doc_id, d.region AS region_code, d.report_year, i.indicator AS indicator_id,
        measure::statement_measure AS measure,
        value, value_low, value_high, obs_value, o.unit_measure::statement_unit AS unit_measure, bound, o.status, obs_status,
        time_period::statement_period AS time_period, freq, period_start, period_end, base_period,
        o.price_basis, o.quote,
        coalesce(definition_note, '') AS definition_note,
        coalesce(d.delivered_on, make_date(d.report_year, 1, 1)) AS delivered_on,
        coalesce(section_id IN (SELECT section_id FROM text.section WHERE kind = 'table'), false) AS in_table,
        -- Half of the last digit as written, in the unit of obs_value; of 约1100亿元 the noughts at the end are not meant.
        0.5 * pow(10, CASE WHEN bound IN ('approx', 'near') AND coalesce(decimals, 0) = 0
                           THEN length(regexp_extract(value::BIGINT::VARCHAR, '0*$')) ELSE -coalesce(decimals, 0) END) * CASE
            WHEN value <> 0 THEN abs(obs_value / value)
            ELSE pow(10, coalesce(written_mult, 0))
        END AS half_digit,
        -- The year of a table by year: calendar years, and spans of whole years by their last one.
        CASE
            WHEN freq = 'A' THEN year(period_start)
            WHEN measure IN ('growth_avg_annual', 'growth_cumulative')
                 AND month(period_start) = 1 AND month(period_end) = 12 THEN year(period_end)
        END AS year,
        CASE WHEN measure = 'level' AND o.unit_measure NOT IN ('CNY', 'USD', 'PT', 'PP', 'RANK') THEN
            -- Told by the name (新增就业), or by the last such word before the number in its clause.
            regexp_matches(i.name_zh, '新增|新建|改造|引进|造林|征收')
            OR regexp_matches(
                -- Words before the quote; the whole sentence where cleaning changed it.
                regexp_extract(string_split(sentence, quote)[1], '.*(' || '新(?:增|建|改|引|认|培|开|设|登|注|获|入)|净增|增加|引进|引入|招引|吸引|培育|认定|建成|建设|完成|开工|改造|筹'
                                       || '|总数|总量|累计|拥有|[现共保]有)[^,，;；。:：]*$', 1),
                '[新净增引招吸培认建完开改筹]')
        ELSE false END AS added,
        o.confidence, o.raw_start
    FROM core.observation_corrected AS o
    JOIN (
        SELECT *, doc_id::statement_document AS document, region_code_current::statement_region AS region FROM text.document
    ) AS d USING (doc_id)
    JOIN (SELECT indicator_id, name_zh, indicator_id::statement_indicator AS indicator FROM core.indicator) AS i
        USING (indicator_id)
    WHERE d.completeness <> 'secondary'
      AND d.doc_type <> 'other'
      AND d.duplicate_of IS NULL
      AND o.scope = 'region'
      AND o.status IN ('actual', 'estimated', 'target')
      -- Only of the few that may be such a start the words around the quote are looked at.
      AND CASE WHEN measure = 'level' AND freq = 'A' AND year(period_start) = d.report_year - 2 AND contains(sentence, quote)
          THEN NOT (
              regexp_matches(substr(sentence, strpos(sentence, quote) + length(quote), 8),
                             '^(增|提高|提升|上升|扩大|跃升|攀升|上涨|下降|降|减|压|发展|调整)[^,，;；。]{0,3}[到至为]')
              AND regexp_matches(string_split(sentence, quote)[1], '[从由自][^,，;；。:：从由自年]*$'))
          ELSE true END
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

-- The best outturn of each fact: actual or estimated, one per region, indicator, measure, unit, period, base and kind of count.
CREATE OR REPLACE TEMP TABLE outturn AS
SELECT s.*
FROM statement AS s
JOIN (
    SELECT min(precedence) AS precedence
    FROM statement
    WHERE status IN ('actual', 'estimated') AND time_period IS NOT NULL
    GROUP BY region_code, indicator_id, measure, unit_measure, time_period, added, coalesce(base_period, '')
) AS best USING (precedence);
