"""Tables that were flattened to one cell a line."""

from section_documents import lines_of

from govreports.sections.tables import find_tables

Grid = dict[tuple[int, int], tuple[str | None, str]]


def grids(*lines: str) -> list[Grid]:
    text, read = lines_of(*lines)
    return [
        {(c.row, c.column): (c.header, text[c.start : c.end]) for c in table.cells}
        for table in find_tables(text, read, set())
    ]


def test_figures_under_a_header() -> None:
    (grid,) = grids("指 标", "绝对数", "比上年增长%", "生产总值", "295.4", "7.7", "第一产业", "24.4", "-0.2")
    assert grid[0, 0] == ("指 标", "生产总值")
    assert grid[0, 1] == ("绝对数", "295.4")
    assert grid[1, 2] == ("比上年增长%", "-0.2")


def test_words_in_a_column_of_figures() -> None:
    (grid,) = grids(
        "指标", "完成", "目标", "出口总额", "-14.6", "与上年持平", "用水量", "-8.9", "-5.0", "用电量", "3", "4"
    )
    assert grid[0, 2] == ("目标", "与上年持平")
    assert grid[1, 0][1] == "用水量"


def test_categories_stand_before_the_rows_they_head() -> None:
    (grid,) = grids(
        *("类别", "指标名称", "2020年", "2025年", "属性"),
        *("经济发展", "生产总值", "8", "7-7.5", "预期性", "财政收入", "12.89", "1-3", "预期性"),
        *("人民生活", "居民收入", "7.8", "5.5", "预期性", "失业率", "——", "≤3", "预期性"),
        *("社会事业", "床位数", "——", "9", "约束性"),
    )
    assert grid[0, 0] == ("类别", "经济发展")
    assert (1, 0) not in grid
    assert grid[2, 0] == ("类别", "人民生活")
    assert grid[3, 3] == ("2025年", "≤3")


def test_a_list_of_projects() -> None:
    (grid,) = grids(
        *("序号", "项目名称", "项目内容"),
        *(
            "1",
            "建设绿道",
            "建成绿道37公里。",
            "2",
            "改造管网",
            "改造老旧管网12公里。",
            "3",
            "新建学校",
            "新增学位900个。",
        ),
    )
    assert grid[1, 1] == ("项目名称", "改造管网")
    assert grid[2, 2] == ("项目内容", "新增学位900个。")


def test_prose_and_headings_are_no_tables() -> None:
    assert grids("一、工作回顾", "二、工作安排", "三、自身建设", "四、保障", "五、其他", "六、附则", "七、结语") == []
    assert grids(*["全年完成投资8亿元,增长10%。"] * 10) == []
    assert grids(*[f"——生产总值增长{n}%以上;" for n in range(10)]) == []
