-- The target that a report sets for a period against the outturn that a later report states.
--
-- Where no report states the average growth of a plan's span, it is averaged from the yearly growth reached so far
-- (actual_basis averaged); it is undecidable while years are missing.
--
-- verdict
--   met           the outturn satisfies the wording (for a plain number or 左右: it is better)
--   on_the_mark   it equals a plain number within the digits written, or lies within the tolerance of 左右
--   missed        it does not satisfy the wording
--   undecidable   it cannot be said, for the reason in the column of that name
--   no_outturn    no later report states it
--
-- Where either report states several values for the fact (培育上市企业6家，引进上市企业5家), the verdict falls only if it is the same
-- with each of them, and with their sum where they count what came on top. Amounts and counts that lie so far apart that they can
-- hardly mean the same get no verdict; nor do counts of what came on top that are far above the target in a report on several years.

WITH declared AS (
    -- How far 左右 or 近 reaches: percentage points for percentages, else a share of the value.
    SELECT 0.5 AS about_points, 0.03 AS about_share,
           -- Times the target: beyond the first a level hardly means the same, beyond the second years may have been added up.
           5 AS far_apart, 2 AS several_years
),
target AS (
    SELECT s.*, i.higher_is
    FROM statement AS s
    JOIN (
        SELECT min(precedence) AS precedence
        FROM statement
        WHERE status = 'target' AND time_period IS NOT NULL
        GROUP BY region_code, indicator_id, measure, time_period, doc_id
    ) AS best USING (precedence)
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
        100 * (exp(avg(ln(1 + y.obs_value / 100) ORDER BY y.time_period)) - 1) AS obs_value,
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
-- The outturn that the latest of the later reports states, by the same order as everywhere; where the target counts what is to
-- come on top, what came on top.
later AS (
    SELECT w.observation_id AS target_observation_id,
           coalesce(min(s.precedence) FILTER (s.added = w.added), min(s.precedence)) AS precedence
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
        s.added IS NOT NULL AND s.added <> w.added AS other_count,
        s.obs_value / nullif(w.obs_value, 0) AS times,
        w.measure = 'level' AND w.unit_measure NOT IN ('PT', 'PP') AND times NOT BETWEEN 1 / far_apart AND far_apart AS unlike,
        w.added AND times > several_years AND date_diff('month', d.review_start, d.review_end) > 12 AS added_up,
        s.doc_id AS stated_in,
        coalesce(s.observation_id, a.observation_id) AS actual_observation_id,
        coalesce(s.half_digit, a.half_digit) AS actual_half_digit
    FROM worded AS w
    CROSS JOIN declared
    LEFT JOIN later ON later.target_observation_id = w.observation_id
    LEFT JOIN statement AS s ON s.precedence = later.precedence
    LEFT JOIN text.document AS d ON d.doc_id = s.doc_id
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
-- Every value that either report states for the fact, in place of the one chosen: how far the target moves, what came out.
rival AS (
    SELECT DISTINCT j.observation_id, s.obs_value - j.obs_value AS moved, j.actual AS outcome
    FROM judged AS j
    JOIN statement AS s
      ON s.doc_id = j.doc_id AND s.indicator_id = j.indicator_id AND s.measure = j.measure AND s.unit_measure = j.unit_measure
     AND s.time_period = j.time_period AND s.status = 'target' AND s.added = j.added
     AND s.base_period IS NOT DISTINCT FROM j.base_period
    WHERE j.actual IS NOT NULL
    UNION
    SELECT j.observation_id, 0,
           unnest(list(DISTINCT s.obs_value) || [if(j.added, sum(DISTINCT s.obs_value), j.actual)])
    FROM judged AS j
    JOIN statement AS s
      ON s.doc_id = j.stated_in AND s.indicator_id = j.indicator_id AND s.measure = j.measure AND s.unit_measure = j.unit_measure
     AND s.time_period = j.time_period AND s.status IN ('actual', 'estimated') AND s.added = j.added
     AND s.base_period IS NOT DISTINCT FROM j.base_period
    WHERE NOT j.other_count
    GROUP BY j.observation_id, j.added, j.actual
    UNION
    SELECT observation_id, 0, actual FROM judged
),
measured AS (
    SELECT
        j.*,
        r.outcome, obs_value + moved AS goal,
        -- Beyond the better end, beyond the worse end, by more than the digits written.
        outcome > target_high + moved + tolerance * 1.000001 AS above,
        outcome < target_low + moved - tolerance * 1.000001 AS below
    FROM judged AS j
    JOIN rival AS r USING (observation_id)
),
decided AS (
    SELECT
        observation_id,
        CASE
            WHEN outcome IS NULL THEN 'no_outturn'
            WHEN so_far OR other_count OR unlike OR added_up THEN 'undecidable'
            -- An outturn that is itself a bound decides only where it lies wholly on one side.
            WHEN actual_bound = 'at_least' AND bound = 'at_least' AND NOT below THEN 'met'
            WHEN actual_bound = 'at_most' AND bound = 'at_most' AND NOT above THEN 'met'
            WHEN actual_bound = 'at_least' AND NOT no_direction AND NOT lower_is_better AND above THEN 'met'
            WHEN actual_bound = 'at_least' AND bound IN ('point', 'approx', 'near', 'range')
                 AND NOT no_direction AND NOT lower_is_better AND outcome >= goal THEN 'met'
            WHEN actual_bound = 'at_most' AND NOT no_direction AND lower_is_better AND below THEN 'met'
            WHEN actual_bound IN ('at_least', 'at_most', 'range') THEN 'undecidable'
            -- A wording with one end is satisfied or not, whichever direction is better.
            WHEN bound = 'at_least' THEN if(below, 'missed', 'met')
            WHEN bound = 'at_most' THEN if(above, 'missed', 'met')
            WHEN NOT above AND NOT below THEN if(bound = 'range', 'met', 'on_the_mark')
            WHEN no_direction THEN 'undecidable'
            WHEN above = lower_is_better THEN 'missed'
            ELSE 'met'
        END AS verdict
    FROM measured
),
verdict AS (
    SELECT observation_id, min(verdict) AS verdict, count(DISTINCT verdict) = 1 AS unanimous
    FROM decided
    GROUP BY observation_id
)
SELECT
    m.region_code, m.indicator_id, m.measure, m.time_period, m.doc_id AS target_doc_id, m.unit_measure,
    m.target_low, m.target_high, m.bound AS target_bound, m.quote AS target_quote, m.observation_id AS target_observation_id,
    m.actual, m.actual_status, m.actual_basis, a.doc_id AS actual_doc_id, m.actual_observation_id, a.quote AS actual_quote,
    CASE
        WHEN m.bound IN ('approx', 'near', 'point') THEN m.actual - m.obs_value
        WHEN m.actual < m.target_low THEN m.actual - m.target_low
        WHEN m.actual > m.target_high THEN m.actual - m.target_high
        WHEN m.bound = 'range' THEN 0
        ELSE m.actual - coalesce(m.target_low, m.target_high)
    END AS gap,
    m.tolerance,
    if(v.unanimous, v.verdict, 'undecidable') AS verdict,
    CASE
        WHEN v.unanimous AND v.verdict <> 'undecidable' THEN NULL
        WHEN m.so_far THEN 'the span is not over, or years of it are not stated'
        WHEN m.other_count THEN 'one counts all there are, the other what came on top'
        WHEN m.unlike THEN 'so far apart that they hardly mean the same'
        WHEN m.added_up THEN 'the report reviews several years and may have added them up'
        WHEN NOT v.unanimous THEN 'a report states several values'
        WHEN m.actual_bound IN ('at_least', 'at_most', 'range') THEN 'the outturn is a bound that leaves it open'
        ELSE 'neither direction is better'
    END AS reason
FROM judged AS m
JOIN verdict AS v ON v.observation_id = m.observation_id
LEFT JOIN statement AS a ON a.observation_id = m.actual_observation_id
ORDER BY m.region_code, m.indicator_id, m.measure, m.time_period, m.doc_id
