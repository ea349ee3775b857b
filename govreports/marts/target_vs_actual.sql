-- The target that a report sets for a period against the outturn that a later report states.
--
-- Where no report states the average growth of a plan's span, it is averaged from the yearly growth reached so far
-- (actual_basis averaged); it is undecidable while years are missing.
--
-- verdict
--   met           the outturn satisfies the wording (for a plain number or 左右: it is better)
--   on_the_mark   it equals a plain number within the digits written, or lies within the tolerance of 左右
--   missed        it does not satisfy the wording
--   undecidable   the outturn is itself a bound that leaves it open, the span is not over, or neither direction is better
--   no_outturn    no later report states it

WITH declared AS (
    -- How far 左右 or 近 reaches: percentage points for percentages, else a share of the value.
    SELECT 0.5 AS about_points, 0.03 AS about_share
),
target AS (
    SELECT s.*, o.value_low, o.value_high, o.value, i.higher_is
    FROM statement AS s
    JOIN (
        SELECT min(precedence) AS precedence
        FROM statement
        WHERE status = 'target' AND time_period IS NOT NULL
        GROUP BY region_code, indicator_id, measure, time_period, doc_id
    ) AS best USING (precedence)
    JOIN core.observation_corrected AS o USING (observation_id)
    JOIN core.indicator AS i ON i.indicator_id = s.indicator_id
),
-- Ends of a range in the base unit: obs_value is their middle.
worded AS (
    SELECT
        target.*,
        CASE WHEN bound = 'range' THEN obs_value * 2 * value_low / nullif(value_low + value_high, 0) END AS range_low,
        CASE WHEN bound = 'range' THEN obs_value * 2 * value_high / nullif(value_low + value_high, 0) END AS range_high,
        CASE WHEN unit_measure IN ('PT', 'PP') THEN about_points ELSE about_share * abs(obs_value) END AS about,
        measure = 'rank' OR higher_is = 'worse' AS lower_is_better,
        measure <> 'rank' AND coalesce(higher_is, 'neutral') = 'neutral' AS no_direction
    FROM target, declared
),
span_average AS (
    -- Average growth over the years of a span that are known, and how many there are.
    SELECT
        w.observation_id AS target_observation_id,
        100 * (exp(avg(ln(1 + y.obs_value / 100))) - 1) AS obs_value,
        count(*) = year(any_value(w.period_end)) - year(any_value(w.period_start)) + 1 AS complete,
        max(y.half_digit) AS half_digit,
        arg_max(y.observation_id, y.time_period) AS observation_id
    FROM worded AS w
    JOIN outturn AS y
      ON y.region_code = w.region_code AND y.indicator_id = w.indicator_id AND y.measure = 'growth_yoy'
     AND y.freq = 'A' AND y.period_start >= w.period_start AND y.period_end <= w.period_end
     AND y.delivered_on > w.delivered_on AND y.obs_value > -100
    WHERE w.measure = 'growth_avg_annual'
    GROUP BY w.observation_id
),
-- The outturn that the latest of the later reports states, by the same order as everywhere.
later AS (
    SELECT w.observation_id AS target_observation_id, min(s.precedence) AS precedence
    FROM worded AS w
    JOIN statement AS s
      ON s.region_code = w.region_code AND s.indicator_id = w.indicator_id AND s.measure = w.measure
     AND s.time_period = w.time_period AND s.unit_measure = w.unit_measure
     AND s.base_period IS NOT DISTINCT FROM w.base_period
     AND s.status IN ('actual', 'estimated') AND s.delivered_on > w.delivered_on
    GROUP BY w.observation_id
),
paired AS (
    SELECT
        w.*,
        coalesce(s.obs_value, a.obs_value) AS actual,
        CASE WHEN s.observation_id IS NOT NULL THEN s.status WHEN a.obs_value IS NOT NULL THEN 'actual' END AS actual_status,
        coalesce(s.bound, CASE WHEN a.obs_value IS NOT NULL THEN 'point' END) AS actual_bound,
        CASE WHEN s.observation_id IS NOT NULL THEN 'stated'
             WHEN a.obs_value IS NOT NULL THEN 'averaged' END AS actual_basis,
        s.observation_id IS NULL AND NOT a.complete AS so_far,
        coalesce(s.observation_id, a.observation_id) AS actual_observation_id,
        coalesce(s.half_digit, a.half_digit) AS actual_half_digit
    FROM worded AS w
    LEFT JOIN later ON later.target_observation_id = w.observation_id
    LEFT JOIN statement AS s ON s.precedence = later.precedence
    LEFT JOIN span_average AS a ON a.target_observation_id = w.observation_id
),
judged AS (
    SELECT
        *,
        -- What the wording counts as reached: from target_low up, to target_high.
        CASE bound WHEN 'range' THEN range_low WHEN 'at_most' THEN NULL WHEN 'approx' THEN obs_value - about
                   WHEN 'near' THEN obs_value - about ELSE obs_value END AS target_low,
        CASE bound WHEN 'range' THEN range_high WHEN 'at_least' THEN NULL WHEN 'approx' THEN obs_value + about
                   ELSE obs_value END AS target_high,
        -- Of the two, what is written in the finer digits: a target of 6.5% is missed by 6%.
        -- Percentages count as stated to one digit at least.
        least(half_digit, actual_half_digit, if(unit_measure IN ('PT', 'PP'), 0.05, 'inf'::DOUBLE)) AS tolerance
    FROM paired
),
measured AS (
    SELECT
        *,
        -- Beyond the better end, beyond the worse end, by more than the digits written.
        actual > target_high + tolerance * 1.000001 AS above,
        actual < target_low - tolerance * 1.000001 AS below
    FROM judged
)
SELECT
    m.region_code, m.indicator_id, m.measure, m.time_period, m.doc_id AS target_doc_id, m.unit_measure,
    m.target_low, m.target_high, m.bound AS target_bound, t.quote AS target_quote, m.observation_id AS target_observation_id,
    m.actual, m.actual_status, m.actual_basis, a.doc_id AS actual_doc_id, m.actual_observation_id, a.quote AS actual_quote,
    CASE
        WHEN m.bound IN ('approx', 'near', 'point') THEN m.actual - m.obs_value
        WHEN m.actual < m.target_low THEN m.actual - m.target_low
        WHEN m.actual > m.target_high THEN m.actual - m.target_high
        WHEN m.bound = 'range' THEN 0
        ELSE m.actual - coalesce(m.target_low, m.target_high)
    END AS gap,
    m.tolerance,
    CASE
        WHEN m.actual IS NULL THEN 'no_outturn'
        WHEN m.so_far THEN 'undecidable'
        -- An outturn that is itself a bound decides only where it lies wholly on one side.
        WHEN m.actual_bound = 'at_least' AND m.bound = 'at_least' AND NOT m.below THEN 'met'
        WHEN m.actual_bound = 'at_most' AND m.bound = 'at_most' AND NOT m.above THEN 'met'
        WHEN m.actual_bound = 'at_least' AND NOT m.no_direction AND NOT m.lower_is_better AND m.above THEN 'met'
        WHEN m.actual_bound = 'at_least' AND m.bound IN ('point', 'approx', 'near', 'range')
             AND NOT m.no_direction AND NOT m.lower_is_better AND m.actual >= m.obs_value THEN 'met'
        WHEN m.actual_bound = 'at_most' AND NOT m.no_direction AND m.lower_is_better AND m.below THEN 'met'
        WHEN m.actual_bound IN ('at_least', 'at_most', 'range') THEN 'undecidable'
        -- A wording with one end is satisfied or not, whichever direction is better.
        WHEN m.bound = 'at_least' THEN if(m.below, 'missed', 'met')
        WHEN m.bound = 'at_most' THEN if(m.above, 'missed', 'met')
        WHEN NOT m.above AND NOT m.below THEN if(m.bound = 'range', 'met', 'on_the_mark')
        WHEN m.no_direction THEN 'undecidable'
        WHEN m.above = m.lower_is_better THEN 'missed'
        ELSE 'met'
    END AS verdict
FROM measured AS m
JOIN core.observation_corrected AS t ON t.observation_id = m.observation_id
LEFT JOIN core.observation_corrected AS a ON a.observation_id = m.actual_observation_id
ORDER BY m.region_code, m.indicator_id, m.measure, m.time_period, m.doc_id
