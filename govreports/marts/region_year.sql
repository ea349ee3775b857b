-- One row per region and year with four columns for each headline indicator X:
--   X                 its level in the indicator's base unit
--   X_growth_yoy      growth on the year before as a report states it, percent; never derived
--   X_status          status of the level, or of the growth where no level is stated
--   X_observation_id  evidence of the level, or of the growth where no level is stated
-- What was done and what was planned never stand beside each other: of an outturn and a target the target is left out here
-- (region_year_long has both).

WITH cell AS (
    SELECT
        l.region_code, l.year, l.indicator_id,
        any_value(l.obs_value) FILTER (is_level) AS level,
        any_value(l.obs_value) FILTER (NOT is_level) AS growth,
        coalesce(any_value(l.status) FILTER (is_level), any_value(l.status)) AS status,
        coalesce(any_value(l.observation_id) FILTER (is_level), any_value(l.observation_id)) AS observation_id
    FROM (
        SELECT region_code, year, indicator_id, obs_value, status, observation_id, measure = 'level' AS is_level
        FROM mart.region_year_long
        JOIN core.indicator AS i USING (indicator_id)
        WHERE i.headline
          AND ((measure = 'level' AND region_year_long.unit_measure = i.unit_measure)
               OR (measure = 'growth_yoy' AND obs_status <> 'I'))
        QUALIFY status <> 'target' OR count(*) FILTER (status <> 'target') OVER (PARTITION BY region_code, year, indicator_id) = 0
    ) AS l
    GROUP BY l.region_code, l.year, l.indicator_id
),
wide AS (
    SELECT
        region_code, year,
        -- for each headline indicator
        any_value(level) FILTER (indicator_id = '{id}') AS "{id}",
        any_value(growth) FILTER (indicator_id = '{id}') AS "{id}_growth_yoy",
        any_value(status) FILTER (indicator_id = '{id}') AS "{id}_status",
        any_value(observation_id) FILTER (indicator_id = '{id}') AS "{id}_observation_id",
        -- end
    FROM cell
    GROUP BY region_code, year
)
SELECT
    w.region_code, w.year, r.name AS region_name, r.full_name, r.level, r.parent_code, r.prefecture_code, r.prefecture,
    r.province_code, r.province, r.region_sort,
    w.* EXCLUDE (region_code, year)
FROM wide AS w
JOIN core.region AS r USING (region_code)
ORDER BY w.region_code, w.year
