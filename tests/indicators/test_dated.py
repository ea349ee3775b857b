"""What the outline says of the time of a section."""

from datetime import date
from typing import Any

from govreports.indicators.dated import section_times
from govreports.indicators.periods import Frame

FRAME = Frame(date(2013, 1, 1), date(2017, 12, 31), date(2018, 1, 1), date(2022, 12, 31), 2018)


def section(
    number: int, title: str | None, text: str = "", parent: int | None = None, role: str = "review"
) -> dict[str, Any]:
    return {
        "section_id": f"s{number}",
        "parent_id": None if parent is None else f"s{parent}",
        "title": title,
        "text": text,
        "role": role,
        "clean_start": number,
    }


def periods(*sections: dict[str, Any]) -> list[str | None]:
    times = section_times(list(sections), FRAME)
    return [found.period if (found := times[s["section_id"]]) else None for s in sections]


def test_a_heading_dates_what_stands_below_it() -> None:
    found = periods(
        section(0, "2018年工作安排", role="tasks"), section(1, "产业", parent=0), section(2, "小微", parent=1)
    )
    assert found == ["2018", "2018", "2018"]


def test_a_passage_that_leads_over_dates_the_headings_after_it() -> None:
    found = periods(
        section(0, "过去五年工作回顾"),
        section(1, "综合实力", "五年来，全省经济增长。", 0),
        section(2, None, "各位代表！\n2017年是本届政府的收官之年。我们重点抓了以下几个方面：", 0),
        section(3, "推进改革", "", 0),
        section(4, "减税", "", 3),
        section(5, "今后五年", role="tasks"),
        section(6, "开放", "", 5, "tasks"),
    )
    assert found == ["2013/2017", "2013/2017", "2013/2017", "2017", "2017", "2018/2022", "2018/2022"]


def test_aims_of_this_year_date_the_tasks_of_a_plan_of_five() -> None:
    found = periods(
        section(0, "目标任务", role="tasks"),
        section(1, None, "今年经济社会发展主要预期目标是：生产总值增长6%。", 0, "targets"),
        section(2, "工业", "", 0, "tasks"),
    )
    assert found == [None, None, "2018"]


def test_notes_are_dated_by_their_own_words_alone() -> None:
    found = periods(section(0, "2018年工作安排", role="tasks"), section(1, "名词解释", "", 0, "notes"))
    assert found == ["2018", None]
