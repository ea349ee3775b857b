"""Single fixers, on the kinds of damage that pages really show."""

import pytest
from opencc import OpenCC

from govreports.clean.plan import clean

HEAD = "各位代表：\n现在，我代表县人民政府，向大会报告工作，请予审议。\n"


def body(text: str) -> str:
    """The cleaned text of a body that follows a salutation, without the salutation."""
    return clean(HEAD + text).text.removeprefix(HEAD.strip()).removeprefix("\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("增长８．５％，完成１２亿元。", "增长8.5%，完成12亿元。"),
        ("同比增长15℅；财政收入增长57.7℅。", "同比增长15%；财政收入增长57.7%。"),
        ("增长13.3_M_M_；投资增长18_M_M_。", "增长13.3%；投资增长18%。"),
        ("价格上涨1·8%，“5·12”地震。", "价格上涨1.8%，“5·12”地震。"),
        ("完成2O个项目，增长1l.5%。", "完成20个项目，增长11.5%。"),
        ("O2O体验店和B2B平台增长5%。", "O2O体验店和B2B平台增长5%。"),
        ("二十一世纪。\\r\\n&nbsp; （一）经济稳中向好。", "二十一世纪。\n（一）经济稳中向好。"),
        (r"二十一世纪。\\r\\n（一）经济稳中向好\\n增长5%。", "二十一世纪。\n（一）经济稳中向好\n增长5%。"),
        ("增长5%。<br>全县<font color='red'>财政</font>收入", "增长5%。\n全县财政收入"),
        ("人均<5吨，A<X>C", "人均<5吨，A<X>C"),
        ("2 016 年，全县生产总值完成，增长 8.2 %。", "2016年，全县生产总值完成，增长8.2%。"),
        ("人均可支配收入42，170元，增长8%。", "人均可支配收入42170元，增长8%。"),
        ("分别为5家，300人受益。", "分别为5家，300人受益。"),
        ("增长6.\u200b6%，完成\xad1\u200b2亿\u2060元。", "增长6.6%，完成12亿元。"),
        ("## （一）稳中向好\n**工业。**增长5%。\n> 投资增长6%。", "（一）稳中向好\n工业。增长5%。\n投资增长6%。"),
        ("**县第十五届，**次会议，增长＊＊%。", "**县第十五届，**次会议，增长＊＊%。"),
        ("速度“5. 8%”，增长8 .5%，提高3。2个百分点。", "速度“5.8%”，增长8.5%，提高3.2个百分点。"),
        ("财政收入增长8,5%，投资达到12，3亿元。", "财政收入增长8.5%，投资达到12.3亿元。"),
        ("全县财政收入实现12億元，经济运行稳中向好。", "全县财政收入实现12亿元，经济运行稳中向好。"),
        ("👉财政收入增长5%。\n✅投资增长6%。", "财政收入增长5%。\n投资增长6%。"),
        ("投资增长8,5和3%；完成3,200万元。", "投资增长8,5和3%；完成3,200万元。"),
        ("财政收入增长21.88%%，投资增长6%。（下转第四版）", "财政收入增长21.88%，投资增长6%。"),
        ("企业达标。1. 80%的企业提质。", "企业达标。1. 80%的企业提质。"),
        ("县长????尤志敬", "县长 尤志敬"),
    ],
)
def test_damage_within_lines(text: str, expected: str) -> None:
    assert body(text) == expected


def test_points_stand_for_stops_only_where_a_text_has_few_of_those() -> None:
    sentence = "全县生产总值完成12.5亿元，增长8%. 坚持稳中求进. "
    assert body(sentence * 9).count("。") == 18
    assert "12.5亿元" in body(sentence * 9)
    assert body((sentence + "民生改善。") * 9).count("。") == 9


def test_cells_between_tabs_are_lines() -> None:
    table = "指标\t2023年\t2024年\n生产总值\t447.1\t470\n增速（%）\t4.2\t5"
    assert body(table) == table.replace("\t", "\n")
    assert body("完成投资\t12亿元。") == "完成投资 12亿元。"


def test_cells_between_bars_are_lines() -> None:
    table = "|指标|2023年|2024年|\n|---|:--:|---|\n|生产总值|447.1|470|\n|增速（%）|4.2|5|"
    cells = "指标\n2023年\n2024年\n生产总值\n447.1\n470\n增速（%）\n4.2\n5"
    assert body(table) == cells
    assert body(table.replace("|", " | ")) == cells
    assert body("|\n生产总值\n|\n447.1\n|\n470\n|") == "生产总值\n447.1\n470"
    assert body("一图读懂|2023年工作。") == "一图读懂|2023年工作。"


def test_rows_of_a_numbered_list_may_be_long_and_go_on_behind_a_tab() -> None:
    long = "为六十岁以上户籍老人和六十五岁以上常住老年人免费体检一万人以上，并建立健康档案，提供上门随访服务"
    table = f"序号\t任务\t落实情况\n1\t{long}\t已经完成。\n2\t新设立幼儿园20所\n\t增加学位7830个。\n3\t新建学校\t完工。"
    assert body(table) == table.replace("\n\t", "\n").replace("\t", "\n")


def test_bars_stay_in_a_table_with_empty_cells() -> None:
    table = "|指标|2023年|2024年|\n|---|---|---|\n|生产总值|447.1|470|\n|床位数||6|\n| |5.1| |"
    assert body(table) == "|指标|2023年|2024年|\n|生产总值|447.1|470|\n|床位数||6|\n| |5.1| |"
    end = "\n各位代表，我们的目标一定能够实现。"
    tabbed = "指标\t2023年\t2024年\n床位数\t\t6\n生产总值\t447.1\t"
    assert body(tabbed + end) == tabbed.replace("\t", "|") + end
    aligned = "指标\t\t2023年\n床位数\t5\n生产总值\t447.1"
    assert body(aligned) == "指标\n2023年\n床位数\n5\n生产总值\n447.1"


def test_a_page_number_within_a_sentence_goes() -> None:
    torn = "全年预计实现生产总值89亿元，同比增长40%；实现财政一般预算收入4.6\n\n1\n\n亿元，同比增长32.4%。"
    assert body(torn) == "全年预计实现生产总值89亿元，同比增长40%；实现财政一般预算收入4.6亿元，同比增长32.4%。"


def test_hyperlinked_words_go_back_into_their_sentences() -> None:
    torn = "\n".join(
        f"第{n}项工作稳步推进。民主\n法制\n建设进一步加强，行政\n权力\n公开透明运行。" for n in "甲乙丙丁戊"
    )
    lines = body(torn).split("\n")
    assert lines[0] == "第甲项工作稳步推进。民主法制建设进一步加强，行政权力公开透明运行。"
    assert len(lines) == 5


def test_a_heading_stays_apart_where_linked_words_go_back() -> None:
    heading = "第一，牢记第一要务，凝神聚力抓发展"
    prose = (
        "抓住机遇，加快发展，是全省人民的强烈愿望，也是各级政府的神圣职责。适应新的形势，在\n小康社会\n，道路上前进。"
    )
    lines = body("\n".join([heading, prose] * 6)).split("\n")
    assert lines == [heading, prose.replace("\n", "")] * 6


def test_a_linked_word_in_a_short_sentence_goes_back() -> None:
    torn = "推进民主\n法制\n建设。坚持依法治省，加强各项工作。"
    assert body(torn) == torn.replace("\n", "")


def test_a_character_that_stands_twice_on_a_line_of_its_own_is_two() -> None:
    torn = "\n".join(
        f"第{n}项工作稳步推进。民主\n法制\n建设进一步加强，探索符合中\n国国\n情的路子。" for n in "甲乙丙丁戊"
    )
    assert "符合中国国情的路子" in body(torn)
    assert body(torn).count("国国") == 5


def test_headings_and_cells_are_not_joined() -> None:
    text = "一、2023年工作回顾\n经济运行稳中向好\n指标\n480\n增长5%。\n（一）坚持创新，发展产业\n全县工业增长8%。"
    assert body(text) == text


def test_a_text_on_one_line_gets_its_lines_back() -> None:
    prose = "我们坚持稳中求进工作总基调，全面贯彻新发展理念，着力推动高质量发展。" * 40
    paragraphs = ["各位代表：", "现在，我代表市人民政府报告工作。", "一、2020年工作回顾", prose, "二、今年任务", prose]
    text = " \u3000\u3000".join(paragraphs)
    lines = clean(text).text.split("\n")
    assert [line for line in lines if len(line) < 15] == ["各位代表：", "一、2020年工作回顾", "二、今年任务"]


def test_a_heading_glued_to_its_paragraph_is_split() -> None:
    glued = "一、2018年工作回顾 2018年，是具有重大历史意义的一年，全县上下团结奋斗，各项事业取得了新的成绩和进步。"
    assert body(glued).split("\n")[0] == "一、2018年工作回顾"


def test_a_watermark_goes() -> None:
    assert body("为建设美好家园而努力奋斗！百度搜索马 克 数据网") == "为建设美好家园而努力奋斗！"


def test_a_repeated_copy_is_a_zone() -> None:
    report = HEAD + "".join(
        f"第{n}项，全县规模以上工业增加值比上年增长{n}%，完成投资和消费任务。\n" for n in range(10, 22)
    )
    cleaning = clean(f"{report}网站标识码：1300000013\n首页\n政府工作报告\n{report}")
    assert [z.kind for z in cleaning.zones if z.kind in ("body", "repeated_copy")] == ["body", "repeated_copy"]
    assert cleaning.text == report.strip()


def test_a_copy_that_was_cut_off_is_a_zone() -> None:
    lines = [f"第{n}项，全县规模以上工业增加值比上年增长{n}%，完成投资和消费任务。" for n in range(10, 22)]
    opening = "现在，我代表县人民政府，向大会报告工作，请予审议，并请各位政协委员提出意见。"
    report = "\n".join(["各位代表：", opening, *lines])
    assert clean(f"{report}\n各位代表：\n{opening}\n{lines[0][:30]}").text == report
    again = f"{report}\n各位代表，{opening}\n我们完成了去年的各项任务，经济社会发展取得了新的成绩和进步。"
    assert clean(again).text == again


@pytest.mark.parametrize("config", ["s2t", "s2tw", "s2hk"])
def test_traditional_text_of_any_region_comes_back(config: str) -> None:
    text = HEAD + "卫生事业和叙永县的化妆品产业发展，只要围绕着民生实干，台账里程碑式推进，干部了解后勤和面粉价格。"
    assert clean(OpenCC(config).convert(text)).text == text


def test_traditional_text_is_converted_by_words() -> None:
    text = "各位代表：\n現(xiàn)在，我代表區(qū)政府報告工作。經濟發(fā)展取得顯著成效，圍繞著民生，里程碑式的發展，只要實干。"
    cleaned = clean(text).text
    assert (
        cleaned
        == "各位代表：\n现在，我代表区政府报告工作。经济发展取得显著成效，围绕着民生，里程碑式的发展，只要实干。"
    )


def test_a_few_traditional_characters_stay() -> None:
    assert "乾县" in body("乾县和乾隆年间的於先生参加了发展大会，全县生产总值增长百分之五。")


def test_questions_are_no_damage() -> None:
    cleaning = clean(HEAD + "怎么办?我们要迎难而上。钱从哪里来?人往哪里去?")
    assert [fix for fix in cleaning.fixes if fix.fixer == "byte_damage"] == []


def test_a_text_full_of_lost_characters_is_marked_not_read() -> None:
    cleaning = clean(HEAD + "全县?经济?发展?成效?显著。\n" * 60)
    marks = [fix for fix in cleaning.fixes if fix.fixer == "byte_damage"]
    assert len(marks) == 60
    assert all(fix.after == fix.before.replace("?", "\ufffd") and fix.confidence < 0.5 for fix in marks)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("持续推进“1 10 100”工程，完成投资。", "持续推进“1 10 100”工程，完成投资。"),
        ("按照“1 9”战略部署，完成12亿元。", "按照“1 9”战略部署，完成12亿元。"),
        ("累计新增主体 1 . 57万家，增长1 2.7 %。", "累计新增主体 1.57万家，增长12.7%。"),
        ("全县人均收入达到 74 76 元，提高 9 个百分点。", "全县人均收入达到 7476元，提高9个百分点。"),
        ("附件：1. 2017年工作，2. 2018年安排。", "附件：1. 2017年工作，2. 2018年安排。"),
        ("增长13%,；投资增长30%,;消费控制在7.2%,。以内,;节能,。", "增长13%；投资增长30%;消费控制在7.2%以内;节能。"),
        ("投资突破1万 亿元，增长5%。", "投资突破1万亿元，增长5%。"),
        ("实现增长， “双百” 工程推进，人均 GDP 达到3万元。", "实现增长，“双百”工程推进，人均GDP达到3万元。"),
        ("在城区，AI for Science平台和Smart City建成。", "在城区，AI for Science平台和Smart City建成。"),
        ("—— 坚持统筹城乡发展，推进改革。", "——坚持统筹城乡发展，推进改革。"),
    ],
)
def test_blanks_and_stops(text: str, expected: str) -> None:
    assert body(text) == expected


def test_numbers_put_together_are_marked() -> None:
    cleaning = clean(HEAD + "全县财政收入完成40.8 2 亿元，增长5%。")
    assert "完成40.82亿元" in cleaning.text
    (fix,) = cleaning.fixes
    assert (fix.fixer, fix.before, fix.after, fix.doubtful) == ("split_numbers", "40.8 2", "40.82", True)
    assert cleaning.text[fix.clean_start : fix.clean_end] == "40.82"


def test_initials_set_apart_are_joined_where_there_are_many() -> None:
    text = "\n".join(f"({n})进 一步强化服务意识，一心为民，全县面貌得到改善。" for n in "一二三四五")
    assert body(f"{text}\n推 进民主法制") == f"{text}\n推 进民主法制".replace("进 一", "进一").replace("推 进", "推进")
    assert body("努 力扩大消费需求，推动全县经济平稳发展。").startswith("努 力")


def test_sentences_go_on_over_line_ends_where_the_model_is_sure() -> None:
    torn = (
        "今后五年要以科学发展观为指导，全面贯彻中央决策部署，认真落实党的十六届五中全会和省委六届八\n次全会\n"
        "精神，坚持以经济建设为中心，努力提升综合竞争力，保持国民经济平稳较快发展，为\n全面建设小康社会\n奠定坚实基础。"
    )
    assert body(torn) == torn.replace("\n", "")
    address = "各位代表，站在“两个一百年”的历史交汇点，开启\n全面建设社会主义现代化新征程，我们将忠诚履职。"
    assert body(address) == address.replace("\n", "")


@pytest.mark.parametrize(
    "heading",
    ["三、持续提升政府\n治理效能和服务水平", "（五）着力优化生态环境质量和建\n设管理水平。"],
)
def test_a_heading_over_two_lines_is_joined(heading: str) -> None:
    prose = "我们坚持以人民为中心的发展思想，推动政府工作再上新台阶，全县各项事业取得新的进步和成效。"
    assert body(f"{heading}\n{prose}") == heading.replace("\n", "") + f"\n{prose}"


@pytest.mark.parametrize(
    "text",
    [
        "（一）坚持实体为本\n工业经济稳步增长。\n全县规模以上工业增加值增长8%，利润增长9%，税收增长10%。",
        "一、2023年工作回顾\n全年工作\n过去一年，我们坚持稳中求进工作总基调，推动全县经济社会发展取得新成效。",
        "完成中小学扩建工程\n工程已完工。\n完成道路整治\n已按计划完成年度任务。",
    ],
)
def test_headings_and_what_follows_stay_apart(text: str) -> None:
    assert body(text) == text


def test_page_numbers_go_where_they_are_marked_or_count_up() -> None:
    prose = "我们坚持稳中求进工作总基调，完整准确全面贯彻新发展理念，着力推动高质量发展。" * 10
    assert body(f"{prose}\n— 3 —\n{prose}\n第4页 共20页\n{prose}") == f"{prose}\n{prose}\n{prose}"
    assert body(f"{prose}\n1\n{prose}\n2\n{prose}\n3\n{prose}") == "\n".join([prose] * 4)
    assert body(f"{prose}\n1\n道路\n2\n桥梁\n3\n{prose}") == f"{prose}\n1\n道路\n2\n桥梁\n3\n{prose}"


def test_a_hyphen_at_a_line_start_stays() -> None:
    assert body("指标\n生产总值\n-0.2\n投资\n-1.5").endswith("\n-0.2\n投资\n-1.5")
    assert clean("-0.2\n生产总值下降").text.startswith("-0.2")


def test_a_number_alone_before_its_unit_is_no_page_number() -> None:
    text = "全年新能源汽车产量和动力电池产量继续保持快速增长，分别是上年的\n4\n倍、\n3.4\n倍，居全省前列。"
    assert body(text) == text.replace("\n", "")
    paged = "全年新能源汽车产量和动力电池产量继续保持快速增长，完成投资4.6\n1\n亿元，居全省前列。"
    assert body(paged) == paged.replace("\n1\n", "")
