-- Ranks within prefecture, province and all, computed from what the regions themselves state; regions of one level only.
--
-- 1 is best: the highest value, or the lowest where the indicator is better low. Groups of fewer than two regions have no ranks.
-- Growth against a named base year and stated ranks are left out: their bases and sets differ. Of counts only one kind is ranked,
-- all there are or what came on top: the one that more regions state.

WITH value AS (
    SELECT
        o.indicator_id, o.measure, o.unit_measure, o.time_period, o.region_code, o.obs_value, o.observation_id,
        r.level, r.prefecture_code, r.province_code,
        CASE WHEN i.higher_is = 'worse' THEN -o.obs_value ELSE o.obs_value END AS merit, o.added
    FROM outturn AS o
    JOIN core.region AS r USING (region_code)
    JOIN core.indicator AS i USING (indicator_id)
    WHERE o.base_period IS NULL
      AND o.measure NOT IN ('rank', 'multiple', 'growth_cumulative')
      AND o.bound IN ('point', 'approx')
),
kind AS (
    SELECT indicator_id, measure, unit_measure, time_period, level, 2 * count(*) FILTER (added) > count(*) AS added
    FROM value
    GROUP BY indicator_id, measure, unit_measure, time_period, level
),
alike AS (
    SELECT * FROM value SEMI JOIN kind USING (indicator_id, measure, unit_measure, time_period, level, added)
),
grouped AS (
    SELECT *, 'all:' || level AS peer_group FROM alike
    UNION ALL
    SELECT *, 'province:' || province_code FROM alike WHERE level IN ('prefecture', 'county') AND province_code IS NOT NULL
    UNION ALL
    SELECT *, 'prefecture:' || prefecture_code FROM alike WHERE level = 'county' AND prefecture_code IS NOT NULL
),
-- What holds for a whole group is cheaper to group than to carry along its rows.
peer AS (
    SELECT peer_group, level, indicator_id, measure, unit_measure, time_period,
           count(*) AS peers, arg_max(obs_value, merit) AS best, median(obs_value) AS middle
    FROM grouped
    GROUP BY peer_group, level, indicator_id, measure, unit_measure, time_period
    HAVING count(*) >= 2
),
compared AS (
    SELECT g.*, p.peers, p.best, p.middle, rank() OVER best_first AS rank
    FROM grouped AS g
    JOIN peer AS p USING (peer_group, level, indicator_id, measure, unit_measure, time_period)
    WINDOW best_first AS (
        PARTITION BY peer_group, level, indicator_id, measure, unit_measure, time_period ORDER BY merit DESC
    )
)
SELECT
    indicator_id, measure, unit_measure, time_period, region_code, peer_group, obs_value, rank, peers,
    -- Of the other regions, the share that is not better: all but those before it.
    100.0 * (peers - rank) / (peers - 1) AS percentile,
    obs_value - best AS gap_to_best,
    obs_value - middle AS gap_to_median,
    observation_id
FROM compared
