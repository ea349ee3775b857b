"""What stands above a document: where it begins, title, meeting, speaker, day, labelled fields."""

from datetime import date

import pytest

from govreports.intake.header import fold_page, open_page, read_header

SPEECH = "各位代表：\n现在，我代表县人民政府，向大会报告工作，请予审议。\n一、2021年工作回顾\n"


def test_a_page_is_read_folded() -> None:
    assert fold_page("２０２１年增长８．５％\\r\\n第二段&nbsp;完") == "2021年增长8.5%\n第二段 完"
    assert fold_page("人民政府????工作報告發展經濟規(guī)劃") == "人民政府 工作报告发展经济规划"
    # 後 is a character of simplified print as well, and is told by the words it stands in.
    assert fold_page("烏拉特後旗人民政府工作報告") == "乌拉特后旗人民政府工作报告"


def test_blank_lines_do_not_make_reading_slow() -> None:
    assert fold_page("甲" + "\n \t" * 200_000 + "\n乙") == "甲\n乙"


@pytest.mark.parametrize("salutation", ["各位代表：\n", "各位代表:\n", "尊敬的各位代表：\n", "同志们：\n", ""])
def test_a_speech_begins_with_its_salutation(salutation: str) -> None:
    page = open_page(f"首页\n政府工作报告\n{salutation}现在，我代表县人民政府，向大会报告工作，请予审议。\n一、回顾\n")
    assert page.opened
    assert page.body.startswith(salutation.strip() or "现在")
    assert page.block == ("政府工作报告",)


def test_an_abstract_that_repeats_the_opening_is_not_the_document() -> None:
    abstract = "内容摘要：\n各位代表：现在，我代表县人民政府，向大会报告工作，请予审议......\n"
    page = open_page(f"易县2021年政府工作报告\n{abstract}政府工作报告\n{SPEECH}")
    assert page.body.startswith("各位代表：\n")
    assert page.head[-1] == "政府工作报告"


@pytest.mark.parametrize(
    ("block", "delivered", "meeting", "speaker"),
    [
        (
            "政府工作报告\n（2022年1月24日在米易县第十九届人民代表大会第二次会议上）\n米易县人民政府县长 代坤宏\n",
            date(2022, 1, 24),
            "米易县第十九届人民代表大会第二次会议",
            "代坤宏",
        ),
        (
            "政 府 工 作 报 告\n—— 2023年2月23日在苏尼特右旗\n第十六届人民代表大会第三次会议上\n苏尼特右旗人民政府旗长 王占奇\n",
            date(2023, 2, 23),
            "苏尼特右旗第十六届人民代表大会第三次会议",
            "王占奇",
        ),
        (
            "政府工作报告\n——二〇一二年一月六日在河北省第十一届人民代表大会第五次会议上\n代省长 张 庆 伟\n",
            date(2012, 1, 6),
            "河北省第十一届人民代表大会第五次会议",
            "张庆伟",
        ),
        ("政府工作报告\n", None, None, None),
    ],
)
def test_the_title_block_tells_day_meeting_and_speaker(
    block: str, delivered: date | None, meeting: str | None, speaker: str | None
) -> None:
    header = read_header(open_page(block + SPEECH))
    assert (header.delivered_on, header.meeting, header.speaker) == (delivered, meeting, speaker)
    assert header.title == "政府工作报告"


def test_the_file_name_tells_meeting_and_speaker_where_the_head_is_silent() -> None:
    name = "某市某区人民政府区长王立德在某市某区第七届人民代表大会第一次会议上作政府工作报告_2021.txt"
    header = read_header(open_page(SPEECH), name)
    assert header.meeting == "某市某区第七届人民代表大会第一次会议"
    assert header.speaker == "王立德"


@pytest.mark.parametrize("said", ["较好完成了县十五届人大三次会议确定的目标任务", "自县十五届人大一次会议以来的五年"])
def test_a_meeting_whose_decisions_are_spoken_of_is_not_the_documents(said: str) -> None:
    assert read_header(open_page(f"各位代表：\n{said}，全县经济平稳发展。\n")).meeting is None


def test_meetings_of_autonomous_regions() -> None:
    meeting = "内蒙古自治区第十四届人民代表大会第三次会议"
    block = f"政府工作报告\n——2025年1月14日在{meeting}上\n自治区主席 王莉霞同志\n"
    header = read_header(open_page(block + SPEECH))
    assert (header.meeting, header.speaker) == (meeting, "王莉霞")


def test_labelled_fields_of_a_catalogue() -> None:
    head = (
        "索引号：i618267--2021-0422-\u2003主题分类：工作报告\n发布机构：东湖区人民政府\n发布日期：2021-10-12\n"
        "文号：东府发〔2021〕8号\n名称：2021年东湖区政府工作报告\n"
    )
    header = read_header(open_page(head + "政府工作报告\n" + SPEECH))
    assert header.index_number == "i618267--2021-0422-"
    assert header.publisher == "东湖区人民政府"
    assert header.published_on == date(2021, 10, 12)
    assert header.document_number == "东府发〔2021〕8号"
    assert header.title == "2021年东湖区政府工作报告"


def test_a_page_title_goes_before_the_title_in_the_block() -> None:
    header = read_header(
        open_page(f"[湖北] 2024年武汉市江岸区政府工作报告\n发表于 2024-6-15 16:26:15\n政府工作报告\n{SPEECH}")
    )
    assert header.title == "2024年武汉市江岸区政府工作报告"
    assert header.published_on == date(2024, 6, 15)


def test_a_sentence_about_a_report_is_no_title() -> None:
    header = read_header(
        open_page("标题：高阳县2024年政府工作报告\n续金明作县人大常委会工作报告\n1月23日上午，会议开幕。\n")
    )
    assert header.title == "高阳县2024年政府工作报告"
    assert read_header(open_page(f"2019年焦作市修武县政府工作报告\n{SPEECH}")).title == "2019年焦作市修武县政府工作报告"


def test_markup_in_a_text_file_is_read_as_markup() -> None:
    lines = [
        "政府工作报告",
        "（2022年1月24日在米易县第十九届人民代表大会第二次会议上）",
        "县长 代坤宏",
        *SPEECH.split("\n"),
    ]
    header = read_header(open_page("<br/>".join(lines)))
    assert (header.delivered_on, header.speaker) == (date(2022, 1, 24), "代坤宏")


def test_a_head_that_lost_its_lines_is_parted_by_its_blanks() -> None:
    head = "索引号：A1 主题分类：工作报告  发布机构：米易县人民政府  公开方式：主动公开  发布日期：2022-02-01  浏览次数：12 次"
    block = "政府工作报告  ——2022年1月24日在米易县第十九届人民代表大会第二次会议上  米易县人民政府县长 代坤宏"
    header = read_header(open_page(f"{head}  {block}  {SPEECH}".replace("\n", "  ")))
    assert (header.title, header.delivered_on, header.speaker) == ("政府工作报告", date(2022, 1, 24), "代坤宏")


def test_a_body_wrapped_to_a_width_is_joined_and_a_list_is_not() -> None:
    prose = "全县地区生产总值完成一百二十亿元，增长百分之六，一般公共预算收入完成八亿元，增长百分之四。" * 30
    wrapped = "\n".join(prose[at : at + 20] for at in range(0, len(prose), 20))
    assert len(open_page(SPEECH + wrapped).body.split("\n")) < len(wrapped.split("\n")) // 2
    names = "\n".join(f"第{number}项工程" for number in range(80))
    assert names in open_page(SPEECH + prose + "\n" + names).body
