-- How often each report speaks of a theme, by role of the section. Themes and their terms are declared (core.theme).
--
-- Which sections name which terms is counted beforehand: text.theme_mention leads from a number here to the places in the text.

WITH part AS (
    SELECT s.section_id, d.region_code_current AS region_code, d.report_year, coalesce(s.role, 'other') AS role,
           length(coalesce(s.title, '')) + length(coalesce(s.text, '')) AS characters
    FROM text.section AS s
    JOIN text.document AS d USING (doc_id)
    WHERE d.completeness <> 'secondary' AND d.doc_type <> 'other' AND d.duplicate_of IS NULL
),
size AS (
    SELECT region_code, report_year, role, sum(characters) AS characters
    FROM part
    GROUP BY region_code, report_year, role
)
SELECT
    region_code, report_year, theme_id, role, sum(mentions)::INTEGER AS mentions, any_value(size.characters)::INTEGER AS characters,
    10000.0 * sum(mentions) / any_value(size.characters) AS per_10k
FROM text.theme_mention
JOIN part USING (section_id)
JOIN size USING (region_code, report_year, role)
GROUP BY region_code, report_year, theme_id, role
ORDER BY region_code, report_year, theme_id, role
