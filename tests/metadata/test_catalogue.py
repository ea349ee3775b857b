"""The catalogue: complete, consistent, and its names told apart."""

import re
from pathlib import Path
from typing import Any

import ahocorasick_rs
import pytest
import yaml

from govreports.metadata.catalogue import FOLDER, Alias, catalogue_from, expanded, load_catalogue
from govreports.metadata.tables import DeclarationError

CORE = [
    "gdp",
    "gdp_per_capita",
    "gdp_primary",
    "gdp_secondary",
    "gdp_tertiary",
    "services_va",
    "industry_va",
    "industry_va_all",
    "industry_output",
    "industry_revenue",
    "industry_profit",
    "fixed_investment",
    "industrial_investment",
    "private_investment",
    "real_estate_investment",
    "retail_sales",
    "retail_above_quota",
    "services_revenue",
    "construction_output",
    "fiscal_revenue",
    "budget_revenue",
    "tax_revenue",
    "nontax_revenue",
    "tax_share",
    "budget_expenditure",
    "livelihood_expenditure",
    "exports",
    "imports",
    "trade_total",
    "fdi",
    "domestic_capital",
    "out_province_capital",
    "income_urban",
    "income_rural",
    "income_all",
    "new_jobs",
    "unemployment_rate",
    "rural_transfer_jobs",
    "cpi",
    "population",
    "urbanization_rate",
]


def entry(**changes: Any) -> dict[str, Any]:
    base = {
        "zh": "甲",
        "en": "A",
        "definition_zh": "甲。",
        "definition_en": "A.",
        "unit": "CNY",
        "higher_is": "better",
        "aliases": ["甲指标"],
    }
    return base | changes


@pytest.fixture(scope="module")
def matcher() -> ahocorasick_rs.AhoCorasick:
    texts = [alias.text for alias in load_catalogue().aliases]
    return ahocorasick_rs.AhoCorasick(texts, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)


def found(matcher: ahocorasick_rs.AhoCorasick, text: str) -> list[Alias]:
    aliases = load_catalogue().aliases
    return [aliases[index] for index, _, _ in matcher.find_matches_as_indexes(text)]


def test_the_core_indicators_and_sixty_more_are_declared() -> None:
    ids = load_catalogue().indicators.keys()
    assert len(CORE) == 41
    assert set(CORE) <= ids
    assert len(ids) >= 101


def test_every_indicator_is_described_in_both_languages() -> None:
    for indicator in load_catalogue().indicators.values():
        assert indicator.name_zh and indicator.name_en.isascii(), indicator.id
        assert indicator.definition_zh.endswith("。") and indicator.definition_en.endswith("."), indicator.id
        assert indicator.aliases, indicator.id


def test_growth_of_value_added_is_at_constant_prices_and_its_level_is_not() -> None:
    gdp = load_catalogue().indicators["gdp"]
    assert (gdp.price_basis, gdp.growth_price_basis) == ("current", "constant")
    assert load_catalogue().indicators["retail_sales"].growth_price_basis == "current"


def test_percentages_of_native_rates_and_shares_are_no_growth() -> None:
    indicators = load_catalogue().indicators
    assert indicators["unemployment_rate"].percentage == "level"
    assert indicators["tax_share"].percentage == "share"
    assert indicators["gdp"].percentage is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("地区生产总值增长8%", ["gdp"]),
        ("实现国内生产总值12亿元", ["gdp"]),
        ("人均GDP突破10万元", ["gdp_per_capita"]),
        ("规模以上工业增加值增长9%", ["industry_va"]),
        ("规上工业增加值", ["industry_va"]),
        ("全部工业增加值", ["industry_va_all"]),
        ("规模以上工业总产值", ["industry_output"]),
        ("社消零总额", ["retail_sales"]),
        ("限额以上消费品零售额", ["retail_above_quota"]),
        ("地方财政一般预算收入", ["budget_revenue"]),
        ("公共财政预算收入", ["budget_revenue"]),
        ("一般公共预算收入", ["budget_revenue"]),
        ("财政总收入", ["fiscal_revenue"]),
        ("全部财政收入", ["fiscal_revenue"]),
        ("非税收入", ["nontax_revenue"]),
        ("税收占比", ["tax_share"]),
        ("税收收入占一般公共预算收入的比重", ["tax_share"]),
        ("工业投资", ["industrial_investment"]),
        ("民间固定资产投资", ["private_investment"]),
        ("农民人均纯收入", ["income_rural"]),
        ("城镇居民人均可支配收入", ["income_urban"]),
        ("城镇登记失业率", ["unemployment_rate"]),
        ("外贸进出口总额", ["trade_total"]),
        ("货物进出口", ["trade_total"]),
        ("户籍人口城镇化率", ["urbanization_rate"]),
        ("规模以上工业企业", ["above_scale_firms"]),
        ("带动就业", ["jobs_from_entrepreneurship"]),
        ("合同利用外资", ["contracted_fdi"]),
    ],
)
def test_names_of_the_genre_name_their_indicator(
    matcher: ahocorasick_rs.AhoCorasick, text: str, expected: list[str]
) -> None:
    assert [alias.indicator_id for alias in found(matcher, text) if alias.indicator_id] == expected


@pytest.mark.parametrize(
    "text",
    [
        "单位生产总值",
        "占地区生产总值",
        "占社会消费品零售总额",
        "税收优惠政策",
        "政府性基金预算收入",
        "鼓励民间投资",
        "贫困人口",
        "出口退税",
        "重特大生产安全事故",
    ],
)
def test_counter_examples_hide_the_name_inside_them(matcher: ahocorasick_rs.AhoCorasick, text: str) -> None:
    core = [alias.indicator_id for alias in found(matcher, text) if alias.indicator_id in CORE]
    assert core == []


def test_a_name_for_two_indicators_lists_its_parts(matcher: ahocorasick_rs.AhoCorasick) -> None:
    (alias,) = found(matcher, "城乡居民人均可支配收入")
    assert (alias.indicator_id, alias.parts) == ("income_all", ("income_urban", "income_rural"))


def test_names_carry_what_they_say_of_the_definition(matcher: ahocorasick_rs.AhoCorasick) -> None:
    assert found(matcher, "500万元以上固定资产投资")[0].definition_note == "500万元以上"
    assert found(matcher, "城镇调查失业率")[0].definition_note == "调查失业率"
    assert found(matcher, "城镇固定资产投资")[0].scope == "城镇"


def test_alternatives_expand_in_order() -> None:
    assert list(expanded("<甲|乙|>产<值|量>")) == ["甲产值", "甲产量", "乙产值", "乙产量", "产值", "产量"]
    assert list(expanded("产值")) == ["产值"]


def test_the_fingerprint_follows_the_content_and_not_the_spelling() -> None:
    def of(aliases: list[Any]) -> str:
        return catalogue_from({"a.yaml": {"x": entry(aliases=aliases)}}).fingerprint()

    assert of(["<甲|乙>值"]) == of(["甲值", "乙值"])
    assert of(["甲值"]) != of(["甲值", "乙值"])
    assert of(["甲值"]) != of([{"text": "甲值", "needs_value": True}])


def test_a_counter_example_that_names_another_indicator_is_that_name() -> None:
    catalogue = catalogue_from(
        {"a.yaml": {"x": entry(counter_examples=["总甲指标"]), "y": entry(aliases=["总甲指标"])}}
    )
    assert [(a.text, a.indicator_id) for a in catalogue.aliases] == [("总甲指标", "y"), ("甲指标", "x")]


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"a.yaml": {"X-1": entry()}}, "a.yaml: X-1: an id is snake_case"),
        ({"a.yaml": {"x": entry()}, "b.yaml": {"x": entry()}}, "b.yaml: x: declared in a.yaml already"),
        ({"a.yaml": {"x": entry(), "y": entry()}}, "a.yaml: y: the name '甲指标' is claimed by a.yaml: x"),
        ({"a.yaml": {"x": entry(unit="BUSHEL")}}, "a.yaml: x: unknown unit 'BUSHEL'; declare it in units.yaml"),
        ({"a.yaml": {"x": entry(higher_is="good")}}, "a.yaml: x: higher_is is 'good'"),
        ({"a.yaml": {"x": entry(percentage="growth")}}, "a.yaml: x: percentage is 'growth'"),
        ({"a.yaml": {"x": entry(colour="red")}}, "a.yaml: x: missing keys [], unknown keys ['colour']"),
        ({"a.yaml": {"x": {"zh": "甲"}}}, "a.yaml: x: missing keys"),
        ({"a.yaml": {"x": entry(aliases=["甲"])}}, "a.yaml: x: the name '甲' is too short"),
        ({"a.yaml": {"x": entry(aliases=[7])}}, "a.yaml: x: an alias is a text or a mapping"),
        ({"a.yaml": {"x": entry(aliases=[{"text": "甲值", "measure": "size"}])}}, "unknown measure 'size'"),
        ({"a.yaml": {"x": entry(aliases=[{"text": "甲值", "parts": ["z"]}])}}, "parts names unknown indicators ['z']"),
        ({"a.yaml": {"x": entry(accepts=["taste"])}}, "unknown dimensions ['taste']"),
        ({"a.yaml": {"x": entry(counter_examples=["甲指标"])}}, "is alias and counter-example at once"),
    ],
)
def test_a_faulty_declaration_is_named_with_its_place(files: dict[str, Any], says: str) -> None:
    with pytest.raises(DeclarationError) as error:
        catalogue_from(files)
    assert says in str(error.value)


def test_the_example_of_the_documentation_can_be_added() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "extend.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert example
    files = {path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.yaml")}
    catalogue = catalogue_from({**files, "example.yaml": yaml.safe_load(example[1])})
    assert catalogue.indicators.keys() - load_catalogue().indicators.keys() == {"city_reading_rooms"}
    assert "城市书房志愿者" in {alias.text for alias in catalogue.aliases if alias.indicator_id is None}
