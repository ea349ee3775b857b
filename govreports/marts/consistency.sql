-- Statements that should agree, compared. Nothing is corrected; both quotes stand beside the verdict.
--
-- The tolerance follows the digits as written: a number stands for everything that rounds to it, and the ends are carried through
-- the formula. Beyond it the verdict is contradicts, unless something makes the two incomparable (reason says what):
--   * a growth at constant prices against levels, or their multiple, at current prices,
--   * statements under another 口径,
--   * a base that an earlier report stated and that may have been revised since,
--   * one of two values under one name that seems to speak of a part (园区, 跨境电商, 其中),
--   * values so far apart that they hardly speak of the same: a slip of the pen or of the sum is small.
-- Statements that are bounds (超过, 以上) are compared by the rules that can use them, and left out by the others.
--
-- check_id             stated                      implied
-- growth_from_levels   growth on the year before   from the two levels
-- multiple_vs_average  average annual growth       from "is 1.64 times that of the base year"
-- cumulative_vs_average average annual growth      from the growth over the span
-- span_from_levels     average annual growth       from the levels at both ends
-- shares_add_up        sum of three shares         100
-- parts_add_up         the whole                   the sum of its parts
-- part_above_whole     the part                    the whole, as its upper limit
-- share_from_levels    a share                     from part and whole
-- ratio_from_levels    a level per head            from level and population
-- urban_above_rural    rural income                urban income, as its upper limit
-- stated_twice         a value                     the same fact at another place of the same report
-- plausible_size       a value, or its ratio       the nearest end of what is plausible

WITH
-- What belongs together ------------------------------------------------------------------------------------------------------

part_of (part, whole) AS (VALUES
    ('gdp_primary', 'gdp'), ('gdp_secondary', 'gdp'), ('gdp_tertiary', 'gdp'), ('services_va', 'gdp'),
    ('industry_va', 'gdp'), ('industry_va_all', 'gdp'),
    -- Not taxes: those collected in an area (辖区税收) go to higher levels as well.
    ('nontax_revenue', 'fiscal_revenue'), ('budget_revenue', 'fiscal_revenue'),
    ('industrial_investment', 'fixed_investment'), ('private_investment', 'fixed_investment'),
    ('real_estate_investment', 'fixed_investment'),
    ('exports', 'trade_total'), ('imports', 'trade_total'), ('retail_above_quota', 'retail_sales')
),
-- Two or three parts that make up a whole.
sum_of (whole, first, second, third) AS (VALUES
    ('gdp', 'gdp_primary', 'gdp_secondary', 'gdp_tertiary'),
    ('trade_total', 'exports', 'imports', NULL),
    ('budget_revenue', 'tax_revenue', 'nontax_revenue', NULL)
),
-- Shares of one whole that add to 100.
shares_of (first, second, third) AS (VALUES ('gdp_primary', 'gdp_secondary', 'gdp_tertiary')),
-- A share (under its own indicator, or as the measure share of the part), and the levels that it is made from.
share_of (indicator_id, measure, part, whole) AS (VALUES
    ('tax_share', 'share', 'tax_revenue', 'budget_revenue'), ('tax_share', 'level', 'tax_revenue', 'budget_revenue'),
    ('gdp_primary', 'share', 'gdp_primary', 'gdp'), ('gdp_secondary', 'share', 'gdp_secondary', 'gdp'),
    ('gdp_tertiary', 'share', 'gdp_tertiary', 'gdp'), ('services_va', 'share', 'services_va', 'gdp'),
    ('livelihood_expenditure', 'share', 'livelihood_expenditure', 'budget_expenditure')
),
-- A level per head; population changes over the year, so the ratio is compared within this share of it.
ratio_of (indicator_id, dividend, divisor, slack) AS (VALUES ('gdp_per_capita', 'gdp', 'population', 0.05)),
-- What a county or a province may plausibly state of a year since 2000. Outside it a decimal point or a unit is likely lost.
plausible (indicator_id, measure, low, high) AS (VALUES
    ('unemployment_rate', 'level', 0, 20), ('urbanization_rate', 'level', 1, 100), ('tax_share', 'share', 10, 100),
    ('income_urban', 'level', 1000, 300000), ('income_rural', 'level', 500, 200000), ('income_all', 'level', 500, 300000),
    ('gdp_per_capita', 'level', 500, 1000000), ('gdp', 'level', 1e8, 2e13), ('gdp', 'growth_yoy', -30, 60),
    ('gdp', 'growth_avg_annual', -10, 40), ('population', 'level', 1e4, 2e8), ('cpi', 'growth_yoy', -10, 30)
),
-- How large one amount may plausibly be against another of the same year.
plausible_ratio (indicator_id, against, low, high) AS (VALUES
    ('fixed_investment', 'gdp', 0.01, 5), ('retail_sales', 'gdp', 0.02, 3), ('budget_revenue', 'gdp', 0.003, 1),
    ('fiscal_revenue', 'gdp', 0.005, 2), ('budget_expenditure', 'gdp', 0.01, 3), ('tax_revenue', 'gdp', 0.001, 1)
),
-- Beyond this much two values are not of one thing: percentage points between percentages, else one as a share of the other.
apart AS (SELECT 1.0 AS points, 0.05 AS share, 20.0 AS growth_points, 2.0 AS part_by_whole),
-- Words by which a sentence turns to a part of the region or of the thing.
part_words AS (
    SELECT '其中|园区|产业园|转移园|开发区|高新区|示范区|试验区|合作区|保税区|自贸|前海|经济圈|都市圈|片区|个区|各区|行政区|分区域|街道|[^城]镇|沿线|企业|'
           || '软件|服务外包|跨境电商|一般贸易|加工贸易|民营|国有|外商直接|每平方公里|每亩|地均|亩均' AS pattern
),
-- Names that stand for several counts (常住 and 户籍, 登记 and 调查): two values in one report are no contradiction.
several_counts (indicator_id) AS (VALUES
    ('population'), ('unemployment_rate'), ('urbanization_rate'), ('industry_profit'), ('livelihood_expenditure'),
    ('fixed_investment'), ('domestic_capital'), ('tax_revenue')
),

-- Statements that can be compared ------------------------------------------------------------------------------------------

told AS (
    SELECT * FROM statement WHERE status IN ('actual', 'estimated') AND time_period IS NOT NULL
),
-- The best statement of each fact within one document.
fact AS (
    SELECT t.*
    FROM told AS t
    JOIN (
        SELECT min(precedence) AS precedence FROM told
        GROUP BY doc_id, indicator_id, measure, unit_measure, time_period, definition_note, added, coalesce(base_period, '')
    ) AS best USING (precedence)
),
number AS (SELECT * FROM fact WHERE bound IN ('point', 'approx')),
level AS (SELECT * FROM number WHERE measure = 'level'),
amount AS (SELECT * FROM level WHERE obs_value > 0 AND unit_measure NOT IN ('PT', 'PP', 'TIMES', 'RANK')),
-- Levels of the year before that other reports state, the latest first.
earlier_amount AS (
    SELECT * FROM outturn
    WHERE measure = 'level' AND bound IN ('point', 'approx') AND freq = 'A' AND obs_value > 0
      AND unit_measure NOT IN ('PT', 'PP', 'TIMES', 'RANK')
),

-- The checks ---------------------------------------------------------------------------------------------------------------

growth_from_levels AS (
    SELECT
        'growth_from_levels' AS check_id, g.observation_id, n.observation_id AS other_observation_id,
        coalesce(b.observation_id, e.observation_id) AS third_observation_id,
        g.obs_value AS stated,
        100 * (n.obs_value / coalesce(b.obs_value, e.obs_value) - 1) AS implied,
        g.half_digit + 100 * n.obs_value / coalesce(b.obs_value, e.obs_value)
            * (n.half_digit / n.obs_value + coalesce(b.half_digit / b.obs_value, e.half_digit / e.obs_value)) AS tolerance,
        CASE
            WHEN g.price_basis = 'constant' THEN 'growth at constant prices, levels at current prices'
            WHEN regexp_matches(g.definition_note, '可比|口径') OR g.definition_note <> coalesce(b.definition_note, e.definition_note)
                THEN 'another 口径'
            WHEN b.observation_id IS NULL THEN 'the base was stated by another report and may have been revised'
            WHEN abs(g.obs_value - 100 * (n.obs_value / b.obs_value - 1)) > (SELECT growth_points FROM apart)
                THEN 'so far apart that they hardly speak of the same'
        END AS reason
    FROM number AS g
    JOIN amount AS n
      ON n.doc_id = g.doc_id AND n.indicator_id = g.indicator_id AND n.time_period = g.time_period AND n.status = g.status
     AND n.definition_note = g.definition_note
    LEFT JOIN amount AS b
      ON b.doc_id = n.doc_id AND b.indicator_id = n.indicator_id AND b.unit_measure = n.unit_measure AND b.freq = 'A'
     AND b.year = n.year - 1 AND b.definition_note = n.definition_note AND b.added = n.added
    LEFT JOIN earlier_amount AS e
      ON e.region_code = n.region_code AND e.indicator_id = n.indicator_id AND e.unit_measure = n.unit_measure
     AND e.year = n.year - 1 AND e.added = n.added
    WHERE g.measure = 'growth_yoy' AND g.freq = 'A' AND g.bound = 'point'
      AND coalesce(b.obs_value, e.obs_value) IS NOT NULL
),
-- Average growth over a span, whose years are those after the base year.
average AS (
    SELECT *, year(period_end) - year(period_start) + 1 AS years, year(period_start) - 1 AS base_year, year(period_end) AS end_year
    FROM number
    WHERE measure = 'growth_avg_annual' AND year(period_end) > year(period_start)
),
-- A statement that covers the same span: times the base, or growth over it, as a factor and its half digit.
whole_span AS (
    SELECT *, 'multiple_vs_average' AS check_id, obs_value AS factor, half_digit AS factor_half_digit
    FROM number WHERE measure = 'multiple' AND obs_value > 0 AND base_period IS NOT NULL
    UNION ALL
    SELECT *, 'cumulative_vs_average', 1 + obs_value / 100, half_digit / 100
    FROM number WHERE measure = 'growth_cumulative' AND obs_value > -100
),
span_vs_average AS (
    SELECT
        w.check_id, a.observation_id, w.observation_id AS other_observation_id, NULL AS third_observation_id,
        a.obs_value AS stated,
        100 * (pow(w.factor, 1.0 / a.years) - 1) AS implied,
        a.half_digit + 100 * pow(w.factor, 1.0 / a.years) / a.years * w.factor_half_digit / w.factor AS tolerance,
        CASE WHEN w.measure = 'multiple' AND a.price_basis = 'constant'
                 THEN 'growth at constant prices, levels at current prices'
             WHEN a.definition_note <> w.definition_note THEN 'another 口径' END AS reason
    FROM average AS a
    JOIN whole_span AS w
      ON w.doc_id = a.doc_id AND w.indicator_id = a.indicator_id
     AND ((w.base_period = a.base_year::VARCHAR AND year(w.period_end) = a.end_year)
          OR (w.base_period IS NULL AND w.time_period = a.time_period))
),
span_from_levels AS (
    SELECT
        'span_from_levels' AS check_id, a.observation_id, n.observation_id AS other_observation_id,
        b.observation_id AS third_observation_id,
        a.obs_value AS stated,
        100 * (pow(n.obs_value / b.obs_value, 1.0 / a.years) - 1) AS implied,
        a.half_digit + 100 * pow(n.obs_value / b.obs_value, 1.0 / a.years) / a.years
            * (n.half_digit / n.obs_value + b.half_digit / b.obs_value) AS tolerance,
        CASE WHEN a.price_basis = 'constant' THEN 'growth at constant prices, levels at current prices'
             WHEN a.definition_note <> n.definition_note THEN 'another 口径' END AS reason
    FROM average AS a
    JOIN amount AS n
      ON n.doc_id = a.doc_id AND n.indicator_id = a.indicator_id AND n.freq = 'A' AND n.year = a.end_year
    JOIN amount AS b
      ON b.doc_id = a.doc_id AND b.indicator_id = a.indicator_id AND b.freq = 'A' AND b.year = a.base_year
     AND b.unit_measure = n.unit_measure AND b.definition_note = n.definition_note AND b.added = n.added
),
shares_add_up AS (
    SELECT
        'shares_add_up' AS check_id, x.observation_id, y.observation_id AS other_observation_id,
        z.observation_id AS third_observation_id,
        x.obs_value + y.obs_value + z.obs_value AS stated, 100.0 AS implied,
        x.half_digit + y.half_digit + z.half_digit AS tolerance, NULL AS reason
    FROM shares_of AS s
    JOIN number AS x ON x.indicator_id = s.first AND x.measure = 'share'
    JOIN number AS y ON y.indicator_id = s.second AND y.measure = 'share' AND y.doc_id = x.doc_id AND y.time_period = x.time_period
    JOIN number AS z ON z.indicator_id = s.third AND z.measure = 'share' AND z.doc_id = x.doc_id AND z.time_period = x.time_period
),
parts_add_up AS (
    SELECT
        'parts_add_up' AS check_id, w.observation_id, x.observation_id AS other_observation_id,
        coalesce(z.observation_id, y.observation_id) AS third_observation_id,
        w.obs_value AS stated, x.obs_value + y.obs_value + coalesce(z.obs_value, 0) AS implied,
        w.half_digit + x.half_digit + y.half_digit + coalesce(z.half_digit, 0) AS tolerance,
        CASE WHEN len(list_distinct([w.definition_note, x.definition_note, y.definition_note])) > 1
                 THEN 'another 口径' END AS reason
    FROM sum_of AS s
    JOIN amount AS w ON w.indicator_id = s.whole
    JOIN amount AS x ON x.indicator_id = s.first AND x.doc_id = w.doc_id AND x.time_period = w.time_period
     AND x.unit_measure = w.unit_measure AND x.status = w.status
    JOIN amount AS y ON y.indicator_id = s.second AND y.doc_id = w.doc_id AND y.time_period = w.time_period
     AND y.unit_measure = w.unit_measure AND y.status = w.status
    LEFT JOIN amount AS z ON z.indicator_id = s.third AND z.doc_id = w.doc_id AND z.time_period = w.time_period
     AND z.unit_measure = w.unit_measure AND z.status = w.status
    WHERE s.third IS NULL OR z.observation_id IS NOT NULL
),
part_above_whole AS (
    SELECT
        'part_above_whole' AS check_id, p.observation_id, w.observation_id AS other_observation_id, NULL AS third_observation_id,
        p.obs_value AS stated, w.obs_value AS implied, p.half_digit + w.half_digit AS tolerance,
        CASE WHEN p.definition_note <> w.definition_note THEN 'another 口径'
             WHEN p.obs_value > w.obs_value * (SELECT part_by_whole FROM apart)
                 THEN 'so far apart that they hardly speak of the same' END AS reason
    FROM part_of AS r
    JOIN amount AS p ON p.indicator_id = r.part
    JOIN amount AS w ON w.indicator_id = r.whole AND w.doc_id = p.doc_id AND w.time_period = p.time_period
     AND w.unit_measure = p.unit_measure
),
share_from_levels AS (
    SELECT
        'share_from_levels' AS check_id, s.observation_id, p.observation_id AS other_observation_id,
        w.observation_id AS third_observation_id,
        s.obs_value AS stated, 100 * p.obs_value / w.obs_value AS implied,
        s.half_digit + 100 * p.obs_value / w.obs_value * (p.half_digit / p.obs_value + w.half_digit / w.obs_value) AS tolerance,
        CASE WHEN len(list_distinct([s.definition_note, p.definition_note, w.definition_note])) > 1
                 THEN 'another 口径' END AS reason
    FROM share_of AS r
    JOIN number AS s ON s.indicator_id = r.indicator_id AND s.measure = r.measure AND s.unit_measure = 'PT'
    JOIN amount AS p ON p.indicator_id = r.part AND p.doc_id = s.doc_id AND p.time_period = s.time_period
    JOIN amount AS w ON w.indicator_id = r.whole AND w.doc_id = s.doc_id AND w.time_period = s.time_period
     AND w.unit_measure = p.unit_measure
),
ratio_from_levels AS (
    SELECT
        'ratio_from_levels' AS check_id, s.observation_id, d.observation_id AS other_observation_id,
        v.observation_id AS third_observation_id,
        s.obs_value AS stated, d.obs_value / v.obs_value AS implied,
        s.half_digit + d.obs_value / v.obs_value * (r.slack + d.half_digit / d.obs_value + v.half_digit / v.obs_value) AS tolerance,
        NULL AS reason
    FROM ratio_of AS r
    JOIN amount AS s ON s.indicator_id = r.indicator_id
    JOIN amount AS d ON d.indicator_id = r.dividend AND d.doc_id = s.doc_id AND d.time_period = s.time_period
     AND d.unit_measure = s.unit_measure
    JOIN amount AS v ON v.indicator_id = r.divisor AND v.doc_id = s.doc_id AND v.time_period = s.time_period
),
urban_above_rural AS (
    SELECT
        'urban_above_rural' AS check_id, r.observation_id, u.observation_id AS other_observation_id, NULL AS third_observation_id,
        r.obs_value AS stated, u.obs_value AS implied, r.half_digit + u.half_digit AS tolerance, NULL AS reason
    FROM amount AS r
    JOIN amount AS u ON u.doc_id = r.doc_id AND u.time_period = r.time_period AND u.unit_measure = r.unit_measure
    WHERE r.indicator_id = 'income_rural' AND u.indicator_id = 'income_urban'
),
-- The first statement of a fact against each later one that says something else or the same.
stated_twice AS (
    SELECT
        'stated_twice' AS check_id, n.observation_id, f.observation_id AS other_observation_id, NULL AS third_observation_id,
        n.obs_value AS stated, f.obs_value AS implied, n.half_digit + f.half_digit AS tolerance,
        CASE WHEN n.indicator_id IN (SELECT indicator_id FROM several_counts) THEN 'the name stands for several counts'
             WHEN n.definition_note <> f.definition_note THEN 'another 口径'
             WHEN abs(n.obs_value - f.obs_value)
                  > if(n.unit_measure = 'PT', points, share * greatest(abs(n.obs_value), abs(f.obs_value)))
                 THEN 'so far apart that they hardly speak of the same'
             WHEN regexp_matches(string_split(no.sentence, n.quote)[1] || '|' || string_split(fo.sentence, f.quote)[1], pattern)
                 THEN 'one of them may speak of a part' END AS reason
    FROM told AS n
    JOIN (
        SELECT doc_id, indicator_id, measure, unit_measure, time_period, status, coalesce(base_period, '') AS base_period,
               min({'at': raw_start, 'id': observation_id}).id AS observation_id
        FROM told
        -- Headline indicators only: counts of projects or firms (新增, 其中亿元以上) have many values under one name, and
        -- shares have many wholes.
        SEMI JOIN (SELECT indicator_id FROM core.indicator WHERE headline) AS headline USING (indicator_id)
        WHERE bound IN ('point', 'approx') AND measure NOT IN ('rank', 'pp_change', 'share')
        GROUP BY ALL
        HAVING count(*) > 1
    ) AS first
      ON first.doc_id = n.doc_id AND first.indicator_id = n.indicator_id AND first.measure = n.measure
     AND first.unit_measure = n.unit_measure AND first.time_period = n.time_period AND first.status = n.status
     AND first.base_period = coalesce(n.base_period, '') AND first.observation_id <> n.observation_id
    JOIN told AS f ON f.observation_id = first.observation_id AND f.added = n.added
    JOIN core.observation_corrected AS no ON no.observation_id = n.observation_id
    JOIN core.observation_corrected AS fo ON fo.observation_id = f.observation_id
    CROSS JOIN apart CROSS JOIN part_words
    WHERE n.bound IN ('point', 'approx')
),
plausible_size AS (
    SELECT
        'plausible_size' AS check_id, n.observation_id, NULL AS other_observation_id, NULL AS third_observation_id,
        n.obs_value AS stated, least(greatest(n.obs_value, p.low), p.high) AS implied, 0.0 AS tolerance, NULL AS reason
    FROM plausible AS p
    JOIN fact AS n USING (indicator_id, measure)
    WHERE (n.freq = 'A' OR n.measure <> 'level') AND n.period_start >= DATE '2000-01-01'
    UNION ALL
    SELECT
        'plausible_size', n.observation_id, a.observation_id, NULL,
        n.obs_value / a.obs_value, least(greatest(n.obs_value / a.obs_value, p.low), p.high), 0.0, NULL
    FROM plausible_ratio AS p
    JOIN amount AS n ON n.indicator_id = p.indicator_id AND n.freq = 'A'
    JOIN amount AS a ON a.indicator_id = p.against AND a.doc_id = n.doc_id AND a.time_period = n.time_period
     AND a.unit_measure = n.unit_measure
),
compared AS (
    SELECT * FROM growth_from_levels
    UNION ALL BY NAME SELECT * FROM span_vs_average
    UNION ALL BY NAME SELECT * FROM span_from_levels
    UNION ALL BY NAME SELECT * FROM shares_add_up
    UNION ALL BY NAME SELECT * FROM parts_add_up
    UNION ALL BY NAME SELECT * FROM part_above_whole
    UNION ALL BY NAME SELECT * FROM share_from_levels
    UNION ALL BY NAME SELECT * FROM ratio_from_levels
    UNION ALL BY NAME SELECT * FROM urban_above_rural
    UNION ALL BY NAME SELECT * FROM stated_twice
    -- Only what is out of bounds: that the rest is plausible goes without saying.
    UNION ALL BY NAME SELECT * FROM plausible_size WHERE stated <> implied
),
-- Several thirds can serve one pair: the nearest stands for them.
pair AS (
    SELECT * FROM compared WHERE third_observation_id IS NULL
    UNION ALL
    (SELECT * FROM compared WHERE third_observation_id IS NOT NULL
     QUALIFY row_number() OVER (
         PARTITION BY check_id, observation_id, other_observation_id ORDER BY abs(stated - implied), third_observation_id
     ) = 1)
),
rule (check_id, rule, one_sided) AS (VALUES
    ('growth_from_levels', 'stated growth = level / level of the year before - 1', false),
    ('multiple_vs_average', 'stated average growth = (times the base) ^ (1 / years) - 1', false),
    ('cumulative_vs_average', 'stated average growth = (1 + growth over the span) ^ (1 / years) - 1', false),
    ('span_from_levels', 'stated average growth = (last level / base level) ^ (1 / years) - 1', false),
    ('shares_add_up', 'shares add to 100', false),
    ('parts_add_up', 'whole = sum of its parts', false),
    ('part_above_whole', 'part <= whole', true),
    ('share_from_levels', 'stated share = part / whole', false),
    ('ratio_from_levels', 'stated value per head = value / population', false),
    ('urban_above_rural', 'rural income <= urban income', true),
    ('stated_twice', 'one fact has one value within a report', false),
    ('plausible_size', 'the size is plausible', false)
)
SELECT
    c.check_id, c.observation_id, coalesce(c.other_observation_id, '') AS other_observation_id, c.third_observation_id,
    r.rule, s.region_code, s.doc_id, s.indicator_id, s.measure, s.time_period,
    c.stated, c.implied, c.stated - c.implied AS deviation, c.tolerance,
    CASE
        WHEN c.stated - c.implied <= c.tolerance * 1.000001 AND (r.one_sided OR c.implied - c.stated <= c.tolerance * 1.000001)
            THEN 'agrees'
        WHEN c.reason IS NOT NULL THEN 'not_comparable'
        ELSE 'contradicts'
    END AS verdict,
    CASE WHEN verdict = 'not_comparable' THEN c.reason END AS reason,
    s.quote, other.quote AS other_quote, third.quote AS third_quote
FROM pair AS c
JOIN rule AS r USING (check_id)
JOIN statement AS s ON s.observation_id = c.observation_id
LEFT JOIN statement AS other ON other.observation_id = c.other_observation_id
LEFT JOIN statement AS third ON third.observation_id = c.third_observation_id
