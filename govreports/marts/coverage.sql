-- For every headline cell of region_year whether there is a value, and if not why.
--
-- The cells: every region with a document or a refused file, every year from the first to the last that any report reviews, and
-- every other year that the region has a row for in region_year (such as the end of a plan).
-- A document speaks of a year that it reviews or plans; the one delivered last is named.

WITH documents AS (
    SELECT doc_id, region_code_current AS region_code, completeness, report_year,
           year(review_start) AS review_from, year(review_end) AS review_to,
           year(plan_start) AS plan_from, year(plan_end) AS plan_to,
           coalesce(delivered_on, make_date(report_year, 1, 1)) AS delivered_on
    FROM text.document
    WHERE completeness <> 'secondary' AND doc_type <> 'other' AND duplicate_of IS NULL
),
refused AS (
    -- A report reviews the year before its own.
    SELECT DISTINCT split_part(partition_key, '-', 1) AS region_code, split_part(partition_key, '-', 2)::INTEGER - 1 AS year
    FROM text.quarantine
    WHERE partition_key IS NOT NULL
),
years AS (
    SELECT unnest(range(first_year, last_year + 1))::INTEGER AS year FROM reviewed
),
regions AS (
    SELECT region_code FROM documents UNION SELECT region_code FROM refused SEMI JOIN core.region USING (region_code)
),
cells AS (
    SELECT region_code, year FROM regions CROSS JOIN years
    UNION
    SELECT region_code, year FROM mart.region_year
),
-- When a region existed, under its present code or one that it replaced.
lifetime AS (
    SELECT r.region_code, min(coalesce(old.valid_from, DATE '0001-01-01')) AS valid_from,
           max(coalesce(old.valid_to, DATE '9999-12-31')) AS valid_to
    FROM regions AS r
    JOIN core.region AS old ON old.region_code = r.region_code OR old.successor_code = r.region_code
    GROUP BY r.region_code
),
spoken AS (
    SELECT region_code, y.year,
           arg_max(doc_id, (delivered_on, doc_id)) AS doc_id,
           bool_and(completeness IN ('truncated', 'excerpt')) AS truncated
    FROM documents
    JOIN (SELECT DISTINCT year FROM cells) AS y ON y.year BETWEEN review_from AND review_to OR y.year BETWEEN plan_from AND plan_to
    GROUP BY region_code, y.year
),
stated AS (
    SELECT region_code, year, indicator_id, measure, doc_id, observation_id
    FROM mart.region_year_long
    JOIN core.indicator AS i USING (indicator_id)
    WHERE i.headline
      AND ((measure = 'level' AND region_year_long.unit_measure = i.unit_measure)
           OR (measure = 'growth_yoy' AND obs_status <> 'I'))
),
-- The level before the growth. Joined, not grouped: groups of texts do not fit into memory where there are millions.
found AS (
    SELECT region_code, year, indicator_id, coalesce(l.doc_id, g.doc_id) AS doc_id,
           coalesce(l.observation_id, g.observation_id) AS observation_id
    FROM (SELECT * FROM stated WHERE measure = 'level') AS l
    FULL JOIN (SELECT * FROM stated WHERE measure = 'growth_yoy') AS g USING (region_code, year, indicator_id)
)
SELECT
    c.region_code, c.year, i.indicator_id,
    CASE
        WHEN f.observation_id IS NOT NULL THEN 'found'
        WHEN s.truncated THEN 'truncated'
        WHEN s.doc_id IS NOT NULL THEN 'not_stated'
        WHEN x.region_code IS NOT NULL THEN 'refused'
        WHEN year(l.valid_from) > c.year OR year(l.valid_to) < c.year THEN 'region_did_not_exist'
        ELSE 'no_document'
    END AS reason,
    coalesce(f.doc_id, s.doc_id) AS doc_id,
    f.observation_id
FROM cells AS c
CROSS JOIN (SELECT indicator_id FROM core.indicator WHERE headline) AS i
LEFT JOIN lifetime AS l ON l.region_code = c.region_code
LEFT JOIN found AS f ON f.region_code = c.region_code AND f.year = c.year AND f.indicator_id = i.indicator_id
LEFT JOIN spoken AS s ON s.region_code = c.region_code AND s.year = c.year
LEFT JOIN refused AS x ON x.region_code = c.region_code AND x.year = c.year
ORDER BY c.region_code, c.year, i.indicator_id
