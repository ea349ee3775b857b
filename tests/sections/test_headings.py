"""Where headings stand: numbered, on lines of their own, opening paragraphs, within them, and with their stop lost."""

import pytest
from section_documents import cleaned_row, filler, headings

from govreports.sections.stage import outline_document

INTRO = "现在,我代表区人民政府向大会报告工作,请予审议,并请各位政协委员和列席人员提出意见。"


def titles(*paragraphs: str, **options: int) -> list[tuple[str | None, str]]:
    outline = outline_document(cleaned_row(*paragraphs, **options))
    return [(number, title) for _, number, title in headings(outline)]


def test_numbered_lines_and_run_in_headings() -> None:
    assert titles(
        "一、2023年工作回顾",
        "综合实力稳步攀升。" + filler(),
        "产业转型步伐加快。" + filler(),
        "二、2024年工作安排",
        "(一)聚焦产业升级,增强发展动能",
        filler(),
    ) == [
        ("一、", "2023年工作回顾"),
        (None, "综合实力稳步攀升"),
        (None, "产业转型步伐加快"),
        ("二、", "2024年工作安排"),
        ("(一)", "聚焦产业升级,增强发展动能"),
    ]


def test_first_sentences_of_running_text_are_no_headings() -> None:
    assert titles(
        "一、2023年工作回顾",
        "各位代表。" + filler(),
        "江山就是人民。" + filler(),
        "2023年完成投资28.5亿元。" + filler(),
        "我们深信。" + filler(),
    ) == [("一、", "2023年工作回顾")]


def test_a_heading_that_lost_its_full_stop_is_as_long_as_its_neighbours() -> None:
    found = titles(
        "一、本届政府工作回顾",
        "综合实力显著增强全区地区生产总值稳步提升,年均增长7.0%。" + filler(),
        "产业转型步伐加快。" + filler(),
        "项目发展势头强劲。" + filler(),
    )
    assert (None, "综合实力显著增强") in found


@pytest.mark.parametrize(
    "opening",
    [
        "加快推进园区提档升级发展,打造开放高地。",
        "深入实施城市功能品质活力提升行动,增强竞争力。",
        "抢抓国家加力实施“两重”建设机遇,谋划项目。",
        "大力推进商贸流通业的现代化,以流通带动生产。",
        "区域经济的发展要面向全国,服务全国。",
        "社区管理体制改革进展顺利,信息化工作全面铺开。",
        "积极推进“诚信园区”建设,整顿市场秩序。",
        "落实“水环境治理成效巩固年”任务,建成管网。",
    ],
)
def test_headings_are_never_cut_within_a_sentence(opening: str) -> None:
    found = titles(
        "一、2024年工作安排",
        "加快工业经济转型升级。" + filler(),
        opening + filler(),
        "推动商贸服务提质增效。" + filler(),
    )
    assert [title for _, title in found if title != opening.split("。")[0]] == [
        "2024年工作安排",
        "加快工业经济转型升级",
        "推动商贸服务提质增效",
    ]


def test_numbered_paragraphs_that_lost_their_stop() -> None:
    found = titles(
        "一、政府自身建设",
        "1.始终坚持对党忠诚。" + filler(),
        "2.始终坚持创新发展。" + filler(),
        "3.始终坚持效能提升牢固树牢“过紧日子”思想,持续压减一般性支出,全面实施绩效管理。" + filler(),
    )
    assert ("3.", "始终坚持效能提升") in found


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("推进重点领域改革,为科学发展提供体制机制保障", "以产权制度改革为重点"),
        ("优化发展环境,推进民营经济快速健康发展", "毫不动摇地支持民营经济"),
        ("落实各项调控政策,促进经济更快更好发展", "坚持积极的、有作为的方针"),
    ],
)
def test_a_lost_stop_is_not_sought_before_the_last_word_of_a_heading(title: str, body: str) -> None:
    found = titles(
        "一、工作安排",
        f"(一){title}{body},{filler()}",
        f"(二)加强科技创新,推进创新型城市建设。{filler()}",
        f"(三)适应开放形势,提高对外开放水平。{filler()}",
    )
    assert found[1] == ("(一)", title)


def test_headings_within_a_paragraph() -> None:
    found = titles(
        "一、工作任务",
        "1.升级创新引擎。建平台。" + filler() + "促研发。" + filler() + "引人才。" + filler(),
        "2.筑牢开放平台。" + filler(),
    )
    assert found[1:5] == [("1.", "升级创新引擎"), (None, "建平台"), (None, "促研发"), (None, "引人才")]


def test_headings_within_a_paragraph_tell_what_has_come_about() -> None:
    named = ["治理效能有效提升", "重点领域改革蹄疾步稳", "主题教育深入开展", "雄安新区拔节生长"]
    prose = "完成五项普查任务"
    found = titles(
        "一、2023年工作回顾",
        "社会大局安全有序。" + "".join(f"{name}。{filler()}" for name in named) + f"{prose}。{filler()}",
        "人民生活持续改善。" + filler(),
    )
    assert [title for _, title in found[1:]] == ["社会大局安全有序", *named, "人民生活持续改善"]


def test_headings_within_a_paragraph_are_made_alike() -> None:
    named = ["建设一批创新载体", "培育一批高新企业", "推出一批利民措施"]
    found = titles(
        "一、2024年工作安排",
        "实施创新驱动战略。" + "".join(f"{name}。{filler()}" for name in named),
        "实施乡村振兴战略。" + filler(),
    )
    assert [title for _, title in found[1:]] == ["实施创新驱动战略", *named, "实施乡村振兴战略"]


def test_a_sentence_alone_or_between_items_is_no_heading_within_a_paragraph() -> None:
    def within(*sentences: str) -> list[str]:
        text = "优化产业体系。" + filler() + "".join(f"{sentence}。{filler()}" for sentence in sentences)
        found = titles("一、2024年工作安排", text, "提升城市品质。" + filler())
        return [title for _, title in found[2:-1]]

    assert within("推动南头古城整体保护", "推进水源林地合理利用") == ["推动南头古城整体保护", "推进水源林地合理利用"]
    assert within("推动南头古城整体保护", "大家齐心协力向前") == []
    assert within("一是抓好科技攻关", "创新载体加快建设", "二是抓好招商引资") == []


def test_a_label_behind_a_number_is_a_heading_where_amounts_follow() -> None:
    lines = [f"{n}、{label}:新增岗位8000多个,完成投资12亿元。{filler()}" for n, label in ((1, "民生"), (3, "住房"))]
    lines.insert(1, "2、就业:新增就业岗位8000多个,登记失业率控制在3%以内。")
    assert [title for _, title in titles("一、民生事务", *lines)] == ["民生事务", "民生", "就业", "住房"]


def test_headings_of_one_paragraph_are_siblings() -> None:
    outline = outline_document(
        cleaned_row(
            "一、2023年工作回顾",
            "安全形势总体平稳。" + filler() + "社会大局平安稳定。" + filler(),
            "生态环境持续改善。" + filler(),
        )
    )
    assert [depth for depth, _, _ in headings(outline)] == [1, 2, 2, 2]


def test_headings_that_the_one_before_announces_lie_below_it() -> None:
    outline = outline_document(
        cleaned_row(
            "一、2024年工作安排",
            "项目支撑强后劲。" + filler(),
            "要素支撑活血脉。强化土地支撑。" + filler() + "强化用电支撑。" + filler(),
        )
    )
    assert [depth for depth, _, _ in headings(outline)] == [1, 2, 2, 3, 3]
    # In a text that announces again and again, a heading within a paragraph is no sibling of the one that opens it.
    announced = ("强化土地支撑。" + filler(), "完善城市功能。" + filler())
    outline = outline_document(
        cleaned_row(
            "一、2024年工作安排",
            "要素支撑活血脉。" + "".join(announced),
            "产业支撑固根基。" + "".join(announced),
            "创新支撑增活力。" + filler() + "促进科技创新。" + filler() + "引进优秀人才。" + filler(),
        )
    )
    assert [depth for depth, _, _ in headings(outline)] == [1, 2, 3, 3, 2, 3, 3, 2, 3, 3]


def test_the_first_of_a_row_may_stand_behind_its_numbered_heading() -> None:
    found = titles(
        "(一)科技工作实现“两个增强”。创新支撑增强。" + filler(),
        "创新成效增强。" + filler(),
        "(二)城区建设持续推进。" + filler(),
    )
    assert found[:3] == [("(一)", "科技工作实现“两个增强”"), (None, "创新支撑增强"), (None, "创新成效增强")]


def test_parallel_openings_are_headings_whatever_they_say() -> None:
    found = titles(
        "一、过去五年工作回顾",
        *(f"五年来,我们{what},发展环境就是生产力的理念深入人心。{filler()}" for what in ("抓转型", "抓改革", "抓民生")),
    )
    assert [title[:7] for _, title in found[1:]] == ["五年来,我们抓"] * 3


def test_a_numbered_first_sentence_may_be_long() -> None:
    long = "坚决贯彻各项宏观调控政策和稳定就业部署,积极应对风险挑战上升的复杂局面,推动全省经济持续健康发展"
    found = titles("一、工作回顾", f"(一){long}。{filler()}", "(二)推进重点领域改革。" + filler())
    assert found[1:] == [("(一)", long), ("(二)", "推进重点领域改革")]


def test_three_openings_in_a_row_that_begin_alike_are_headings() -> None:
    aims = ["我们要加快打造战略支点", "我们要以更大魄力推进改革开放", "我们要坚持统筹发展和安全"]
    assert [title for _, title in titles("一、奋斗目标", *(f"{aim}。{filler()}" for aim in aims))[1:]] == aims
    assert titles("一、奋斗目标", *(f"{aim}。{filler()}" for aim in aims[:2]))[1:] == []


def test_openings_that_share_start_and_end_are_headings() -> None:
    found = titles("一、工作回顾", *(f"这是{what}的一年。{filler()}" for what in ("活力迸发", "转型提速", "民生殷实")))
    assert [title for _, title in found[1:]] == ["这是活力迸发的一年", "这是转型提速的一年", "这是民生殷实的一年"]


def test_an_opening_between_two_headings_is_one_where_it_has_their_form() -> None:
    named = ("扩大投资需求", "深化财税改革,加强监管工作,确保收入稳定", "扩大消费需求")
    found = titles("一、2024年工作安排", *(f"{name}。{filler()}" for name in named))
    assert [title for _, title in found[1:]] == list(named)
    turned = "站在新起点上,我们要以更高要求加强政府自身建设"
    found = titles("一、2024年工作安排", *(f"{name}。{filler()}" for name in (named[0], turned, named[2])))
    assert turned not in [title for _, title in found]


def test_a_heading_of_a_row_of_dashes_that_lost_its_dash() -> None:
    found = headings(
        outline_document(
            cleaned_row(
                "一、2023年工作回顾",
                "——2023年,我们坚持不懈强内涵,城市功能更加合理。" + filler(),
                "2023年,我们坚持不懈创精品,旅游产业更具活力。" + filler(),
                "——2023年,我们坚持不懈办实事,社会事业更加和谐。" + filler(),
            )
        )
    )
    assert [(depth, number) for depth, number, _ in found[1:]] == [(2, "——"), (2, None), (2, "——")]


def test_items_within_a_paragraph_are_no_headings() -> None:
    found = titles(
        "一、2024年工作安排",
        "大力培育增长极。" + filler() + "一要抓好规划编制。" + filler() + "二要抓好机制创新。" + filler(),
        "积极构筑新格局。" + filler(),
    )
    assert [title for _, title in found[1:]] == ["大力培育增长极", "积极构筑新格局"]


def test_numbered_sentences_and_labels_are_no_headings() -> None:
    items = [f"{n}.完成{what}建设工程,投入使用。" for n, what in enumerate(("学校", "医院", "公园", "消防站"), 1)]
    assert titles("一、民生实事", *items) == [("一、", "民生实事")]
    labels = ["1.项目内容:建设供水管网", "2.责任单位:水利局", "3.事项进展:已开工"]
    projects = [line for n in "一二三" for line in (f"{n}、供水工程", *labels)]
    assert {number for number, _ in titles(*projects)} == {"一、", "二、", "三、"}
    whole = [f"{n}.{what}。{filler()}" for n, what in enumerate(("推进产业转型", "优化营商环境"), 1)]
    assert [number for number, _ in titles("一、主要任务", *whole)] == ["一、", "1.", "2."]


@pytest.mark.parametrize(
    "title", ["求真求是,努力提高决策水平", "践行绿水青山就是金山银山理念", "抓好40周年契机,促进改革开放"]
)
def test_sayings_and_anniversaries_may_stand_in_headings(title: str) -> None:
    assert ("第一,", title) in titles(
        "一、工作安排", f"第一,{title}。{filler()}", f"第二,狠抓落实,取得新成效。{filler()}"
    )


def test_labels_that_come_again_and_again_are_no_headings() -> None:
    lines = [line for n in "一二三四" for line in (f"{n}、民生实事", "责任单位:" + filler(), "完成时限:" + filler())]
    assert {title for _, title in titles(*lines)} == {"民生实事"}


def test_rows_of_items_are_headings_only_when_whole() -> None:
    items = ["一是强化规划引领。", "二是强化项目支撑。", "三是强化要素保障。"]
    whole = titles("一、主要做法", *(item + filler() for item in items))
    assert [number for number, _ in whole] == ["一、", "一是", "二是", "三是"]
    broken = titles("一、主要做法", *(item + filler() for item in items[1:]))
    assert [number for number, _ in broken] == ["一、"]
    unnumbered = titles("2023年工作回顾", filler(), *(item + filler() for item in items))
    assert [number for number, _ in unnumbered] == [None, "一是", "二是", "三是"]
    amounts = ["一是完成投资28亿元,增长10%。", "二是建成学校12所。"]
    followed = titles("一、主要做法", *(item + filler() for item in items), *(item + filler() for item in amounts))
    assert [number for number, _ in followed] == ["一、", "一是", "二是", "三是"]
    within = titles("一、主要做法", "".join(item + filler() for item in items))
    assert [number for number, _ in within] == ["一、"]


@pytest.mark.parametrize(
    "line",
    [
        "2023年1月12日",
        "区长 张三",
        "在区第十六届人民代表大会第三次会议上",
        "政府工作报告",
        "西湖区人民政府",
        "各位代表:",
    ],
)
def test_title_blocks_and_signatures_are_no_headings(line: str) -> None:
    assert titles("一、2023年工作回顾", filler(), line, filler()) == [("一、", "2023年工作回顾")]


def test_a_heading_torn_over_two_lines_is_one() -> None:
    found = titles(
        "一、2024年工作回顾",
        filler(),
        "二、2025年主要任务",
        filler(),
        "三、着力提高政府",
        "服务能力和办事效率",
        filler(),
    )
    assert found[-1] == ("三、", "着力提高政府服务能力和办事效率")


def test_a_number_on_its_own_line_belongs_to_the_title_below() -> None:
    assert titles("第一章", "发展基础", filler(), "第二章", "指导思想", filler()) == [
        ("第一章", "发展基础"),
        ("第二章", "指导思想"),
    ]


def test_a_text_without_headings_is_one_section_with_a_flag() -> None:
    row = cleaned_row(*[filler("过去的一年很不平凡")] * 30)
    outline = outline_document(row)
    assert [(s["kind"], s["role"], s["depth"]) for s in outline["section"]] == [("passage", "other", 1)]
    assert "no_outline" in {c["check_id"] for c in outline["self_check"]}


def test_an_empty_text_has_no_sections() -> None:
    assert outline_document(cleaned_row(""))["section"] == []
