-- How often each report speaks of a theme, by role of the section. Themes and their terms are declared (core.theme).
--
-- Which sections name which terms is counted beforehand: text.theme_mention leads from a number here to the places in the text.

WITH report AS (
    SELECT doc_id, region_code_current AS region_code, report_year
    FROM text.document
    WHERE completeness <> 'secondary' AND doc_type <> 'other' AND duplicate_of IS NULL
),
size AS (
    SELECT region_code, report_year, coalesce(role, 'other') AS role,
           sum(length(coalesce(title, '')) + length(coalesce(text, ''))) AS characters
    FROM text.section
    JOIN report USING (doc_id)
    GROUP BY ALL
),
mention AS (
    SELECT region_code, report_year, theme_id, coalesce(role, 'other') AS role, sum(mentions) AS mentions
    FROM text.theme_mention
    JOIN report USING (doc_id)
    GROUP BY ALL
)
SELECT
    region_code, report_year, theme_id, role, mentions::INTEGER AS mentions, characters::INTEGER AS characters,
    10000.0 * mentions / characters AS per_10k
FROM mention
JOIN size USING (region_code, report_year, role)
ORDER BY region_code, report_year, theme_id, role
