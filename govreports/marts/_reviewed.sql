-- The years that coverage tells of, for every region the same: from the first to the last that any report reviews.

CREATE OR REPLACE TEMP TABLE reviewed AS
SELECT min(year(review_start)) AS first_year, max(year(review_end)) AS last_year
FROM text.document
WHERE completeness <> 'secondary' AND doc_type <> 'other' AND duplicate_of IS NULL;
