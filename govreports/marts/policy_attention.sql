-- How often each report speaks of a theme, by role of the section. Themes and their terms are declared (core.theme).
--
-- One pass over the texts finds all terms: the variable theme_terms holds them as one pattern, longer terms first, so that
-- 数字经济 is not counted as 经济. A term of several themes counts for each of them.

WITH term AS (
    SELECT theme_id, unnest(string_split(terms, '|')) AS term FROM core.theme
),
part AS (
    SELECT d.region_code_current AS region_code, d.report_year, coalesce(s.role, 'other') AS role,
           coalesce(s.title, '') || chr(10) || coalesce(s.text, '') AS words,
           length(coalesce(s.title, '')) + length(coalesce(s.text, '')) AS characters
    FROM text.section AS s
    JOIN text.document AS d USING (doc_id)
    WHERE d.completeness <> 'secondary' AND d.doc_type <> 'other' AND d.duplicate_of IS NULL
),
size AS (
    SELECT region_code, report_year, role, sum(characters) AS characters
    FROM part
    GROUP BY region_code, report_year, role
),
hit AS (
    SELECT region_code, report_year, role, term, count(*) AS mentions
    FROM (
        SELECT region_code, report_year, role, unnest(regexp_extract_all(words, getvariable('theme_terms'))) AS term
        FROM part
    )
    GROUP BY region_code, report_year, role, term
)
SELECT
    region_code, report_year, theme_id, role, sum(mentions)::INTEGER AS mentions, any_value(characters)::INTEGER AS characters,
    10000.0 * sum(mentions) / any_value(characters) AS per_10k
FROM hit
JOIN term USING (term)
JOIN size USING (region_code, report_year, role)
GROUP BY region_code, report_year, theme_id, role
ORDER BY region_code, report_year, theme_id, role
