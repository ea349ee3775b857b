"""The rules are documented: in rules.yaml, and on the page about reading."""

from pathlib import Path

from govreports.indicators.rules import load_rules

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reading.md"


def test_every_rule_says_what_it_does_in_both_languages() -> None:
    rules = load_rules()
    assert len(rules) > 5
    for rule in rules.values():
        assert rule.zh and rule.en and rule.example


def test_the_page_lists_every_rule() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [rule_id for rule_id in load_rules() if f"| `{rule_id}` |" not in page] == []
