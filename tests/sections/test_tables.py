"""Tables with bars, and tables that were flattened to one cell a line or to one line."""

import pytest
from section_documents import cleaned_row, filler, headings, lines_of

from govreports.sections.stage import outline_document
from govreports.sections.tables import find_tables, is_caption

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


def test_aims_in_words_are_values() -> None:
    (grid,) = grids(
        *("生产总值", "增长8.5%左右", "出口总额", "实现正增长", "登记失业率", "控制在3%以内", "用水量", "下降5%")
    )
    assert [grid[row, 1][1] for row in range(4)] == ["增长8.5%左右", "实现正增长", "控制在3%以内", "下降5%"]


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


HEADER = ("序号", "指标", "2020年", "2025年", "年均增长/[累计]", "属性")
ROWS = (
    ("1", "地区生产总值(亿元)", "498", "800", "8.5%左右", "预期性"),
    ("2", "城镇新增就业(万人)", "[4.2]", "[5]", "—", "预期性"),
    ("3", "森林覆盖率(%)", "18.6", "≥19", "—", "约束性"),
)


@pytest.mark.parametrize("joint", ["|", " | ", "│"])
@pytest.mark.parametrize("edge", ["", "|"])
def test_rows_between_bars(joint: str, edge: str) -> None:
    (grid,) = grids(*(edge + joint.join(row) + edge for row in (HEADER, *ROWS)))
    assert [grid[1, column] for column in range(6)] == list(zip(HEADER, ROWS[1], strict=True))
    assert grid[2, 3] == ("2025年", "≥19")


def test_ruled_lines_and_empty_cells_between_bars() -> None:
    (grid,) = grids(
        "|类别|指标|2020年|2025年|", "|---|---|---|---|", "|民生|失业率|2.8|≤4|", "||床位数||6|", "收入|3.1|4.2|"
    )
    assert grid[0, 3] == ("2025年", "≤4")
    assert {key: cell for key, cell in grid.items() if key[0] == 1} == {
        (1, 1): ("指标", "床位数"),
        (1, 3): ("2025年", "6"),
    }
    assert grid[2, 1] == ("指标", "收入")


def test_a_bar_at_the_end_of_a_row_without_edges_is_beside_an_empty_cell() -> None:
    (grid,) = grids("|2023年|2024年", "生产总值|8|7.5", "床位数||6", "财政收入|5|")
    assert grid[0, 2] == ("2024年", "7.5")
    assert {key: cell[1] for key, cell in grid.items() if key[0]} == {
        (1, 0): "床位数",
        (1, 2): "6",
        (2, 0): "财政收入",
        (2, 1): "5",
    }


def test_a_table_on_one_line() -> None:
    (grid,) = grids(" ".join(" ".join(row) for row in (HEADER, *ROWS)))
    assert grid[0, 4] == ("年均增长/[累计]", "8.5%左右")
    assert grid[2, 5] == ("属性", "约束性")


def test_units_in_a_column_of_their_own() -> None:
    (grid,) = grids(
        *("类别", "指标", "单位", "2020年", "2025年", "属性"),
        *("经济发展", "生产总值", "亿元", "498", "800", "预期性", "研发投入强度%", "1.8", "2.4", "预期性"),
        *("民生福祉", "居民收入", "元", "28600", "42000", "预期性", "新增就业", "万人", "[4]", "[5]", "预期性"),
        *("绿色生态", "优良天数比率", "%", "84.2", "≥85", "约束性"),
    )
    assert grid[1, 1] == ("指标", "研发投入强度")
    assert grid[1, 2] == ("单位", "%")
    assert grid[3, 4] == ("2025年", "[5]")


def test_captions_belong_to_their_table_and_give_its_unit() -> None:
    text, read = lines_of(
        *("全年经济运行平稳,各项事业进步。", "2022年主要经济指标", "单位:亿元", "指标", "绝对数", "比上年增长%"),
        *("生产总值", "295.4", "7.7", "第一产业", "24.4", "-0.2"),
    )
    (table,) = find_tables(text, read, set())
    assert table.first == 1
    assert {cell.header for cell in table.cells} == {"指标", "绝对数(亿元)", "比上年增长%"}


@pytest.mark.parametrize("line", ["图1 2018-2022年生产总值", "图12018-2022年生产总值", "单位:亿元、%", "表3 主要指标"])
def test_captions_are_no_headings(line: str) -> None:
    assert is_caption(line)
    outline = outline_document(cleaned_row("一、综合", filler(), line, filler(), "二、农业", filler()))
    assert [title for _, _, title in headings(outline)] == ["综合", "农业"]


@pytest.mark.parametrize("line", ["表彰先进集体", "图书馆建设", "单位能耗下降", "图书"])
def test_words_that_look_like_captions(line: str) -> None:
    assert not is_caption(line)


def test_the_title_of_a_table_is_no_part() -> None:
    outline = outline_document(
        cleaned_row(
            *("第一章 总体要求", "第一节 指导思想", filler(), "第二节 主要目标", filler()),
            *(
                "“十四五”时期主要指标",
                *("|".join(row) for row in (HEADER, *ROWS)),
                "第二章 产业",
                "第一节 农业",
                filler(),
            ),
        )
    )
    assert [s["title"] for s in outline["section"] if s["depth"] == 1] == ["总体要求", "产业"]


def test_prose_and_headings_are_no_tables() -> None:
    assert grids("一、工作回顾", "二、工作安排", "三、自身建设", "四、保障", "五、其他", "六、附则", "七、结语") == []
    assert grids(*["全年完成投资8亿元,增长10%。"] * 10) == []
    assert grids(*[f"——生产总值增长{n}%以上;" for n in range(10)]) == []
