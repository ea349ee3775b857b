-- Ranks within prefecture, province and all, computed from what the regions themselves state; regions of one level only.
--
-- 1 is best: the highest value, or the lowest where the indicator is better low. Groups of fewer than two regions have no ranks.
-- Growth against a named base year and stated ranks are left out: their bases and sets differ. Of counts only one kind is ranked,
-- all there are or what came on top: the one that more regions state.

WITH value AS (
    SELECT
        o.indicator_id, o.measure, o.unit_measure, o.time_period, o.region_code, o.obs_value, o.observation_id,
        r.level, r.prefecture_code, r.province_code,
        CASE WHEN i.higher_is = 'worse' THEN -o.obs_value ELSE o.obs_value END AS merit
    FROM outturn AS o
    JOIN core.region AS r USING (region_code)
    JOIN core.indicator AS i USING (indicator_id)
    WHERE o.base_period IS NULL
      AND o.measure NOT IN ('rank', 'multiple', 'growth_cumulative')
      AND o.bound IN ('point', 'approx')
    QUALIFY o.added = (
        2 * count(*) FILTER (o.added) OVER (PARTITION BY o.indicator_id, o.measure, o.unit_measure, o.time_period, r.level)
        > count(*) OVER (PARTITION BY o.indicator_id, o.measure, o.unit_measure, o.time_period, r.level))
),
grouped AS (
    SELECT *, 'all:' || level AS peer_group FROM value
    UNION ALL
    SELECT *, 'province:' || province_code FROM value WHERE level IN ('prefecture', 'county') AND province_code IS NOT NULL
    UNION ALL
    SELECT *, 'prefecture:' || prefecture_code FROM value WHERE level = 'county' AND prefecture_code IS NOT NULL
),
compared AS (
    SELECT
        *,
        rank() OVER best_first AS rank,
        count(*) OVER peers AS peers,
        count(*) OVER worst_first AS not_better,
        first_value(obs_value) OVER best_first AS best,
        median(obs_value) OVER peers AS middle
    FROM grouped
    WINDOW
        peers AS (PARTITION BY peer_group, level, indicator_id, measure, unit_measure, time_period),
        best_first AS (PARTITION BY peer_group, level, indicator_id, measure, unit_measure, time_period ORDER BY merit DESC),
        worst_first AS (PARTITION BY peer_group, level, indicator_id, measure, unit_measure, time_period ORDER BY merit)
)
SELECT
    indicator_id, measure, unit_measure, time_period, region_code, peer_group, obs_value, rank, peers,
    -- Of the other regions, the share that is not better.
    100.0 * (not_better - 1) / (peers - 1) AS percentile,
    obs_value - best AS gap_to_best,
    obs_value - middle AS gap_to_median,
    observation_id
FROM compared
WHERE peers >= 2
