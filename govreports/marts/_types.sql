-- The types of the columns that marts group, join and sort by: numbers that stand for texts, in the order of the texts. What is
-- sorted by them comes as if by texts, in two thirds of the time.

CREATE OR REPLACE TEMP TYPE statement_document AS ENUM (SELECT doc_id FROM text.document ORDER BY doc_id);
CREATE OR REPLACE TEMP TYPE statement_region AS ENUM (
    SELECT DISTINCT region_code_current FROM text.document WHERE region_code_current IS NOT NULL ORDER BY ALL);
CREATE OR REPLACE TEMP TYPE statement_indicator AS ENUM (SELECT indicator_id FROM core.indicator ORDER BY indicator_id);
CREATE OR REPLACE TEMP TYPE statement_measure AS ENUM (
    SELECT DISTINCT measure FROM core.observation_corrected WHERE measure IS NOT NULL ORDER BY ALL);
CREATE OR REPLACE TEMP TYPE statement_unit AS ENUM (
    SELECT DISTINCT unit_measure FROM core.observation_corrected WHERE unit_measure IS NOT NULL ORDER BY ALL);
CREATE OR REPLACE TEMP TYPE statement_period AS ENUM (
    SELECT DISTINCT time_period FROM core.observation_corrected WHERE time_period IS NOT NULL ORDER BY ALL);
