"""Properties of outlines of any text."""

from hypothesis import given, settings
from hypothesis import strategies as st
from section_documents import cleaned_row, filler

from govreports.sections.stage import outline_document

PIECES = [
    "一、2023年工作回顾",
    "二、2024年工作安排",
    "(一)聚焦产业升级",
    "第一章 总则",
    "第二节发展环境",
    "2024年重点工作",
    "加强政府自身建设",
    "专栏1:主要指标",
    "附件1",
    "名词解释",
    "1.“双减”:减负。",
    "综合实力稳步攀升。" + filler(),
    "产业转型步伐加快。" + filler(),
    "——经济实力实现新跨越。" + filler(),
    "1.稳增长。建平台。" + filler() + "促研发。" + filler(),
    "一是强化保障。" + filler(),
    "各位代表!过去一年成绩来之不易。" + filler(),
    "但是,我们也清醒看到,发展中还存在不少困难和问题。" + filler(),
    "今年经济社会发展的主要预期目标是:生产总值增长6%。",
    "指标名称",
    "8.5",
    "——",
    "序号",
    "1",
    "，",
    "节 ",
    filler(),
]

ALPHABET = "一二、。，:(（)1.第章节—是\u3000 ab"


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.one_of(st.sampled_from(PIECES), st.text(alphabet="一二、。，:(（)1.第章节—是\u3000 ab", min_size=1)),
        max_size=25,
    )
)
def test_leaves_in_order_give_the_text_back(paragraphs: list[str]) -> None:
    paragraphs = [p.replace("\n", "") for p in paragraphs if p.strip()]
    row = cleaned_row(*paragraphs)
    outline = outline_document(row)
    sections = outline["section"]
    assert "".join(s["text"] for s in sections) == row["clean_text"]
    assert len({s["section_id"] for s in sections}) == len(sections)
    assert [s["clean_start"] for s in sections] == sorted(s["clean_start"] for s in sections)
    by_id = {s["section_id"]: s for s in sections}
    for s in sections:
        above = by_id.get(s["parent_id"])
        assert s["depth"] == (above["depth"] + 1 if above else 1)
        if above:
            assert above["clean_start"] <= s["clean_start"] <= s["clean_end"] <= above["clean_end"]
    assert not [c for c in outline["self_check"] if c["severity"] == "error"]
    keys = [(c["section_id"], c["row_number"], c["column_number"]) for c in outline["table_cell"]]
    assert len(set(keys)) == len(keys)


def test_rows_have_the_declared_columns() -> None:
    row = cleaned_row("一、2023年工作回顾", filler(), "二、2024年工作安排", filler(), "名词解释", "1.双减:减负。")
    outline = outline_document(row)
    assert outline.keys() == {"doc_id", "section", "table_cell", "glossary", "self_check"}
    assert outline["section"][0].keys() == {
        *("section_id", "doc_id", "parent_id", "ordinal", "depth", "kind", "number", "title", "path", "role"),
        *("raw_start", "raw_end", "clean_start", "clean_end", "text"),
    }
    assert outline["section"][1]["path"] == "2024年工作安排"
    assert outline["section"][-1]["kind"] == "part"
    assert outline["section"][-1]["role"] == "notes"


def test_the_same_text_gives_the_same_rows() -> None:
    row = cleaned_row(*PIECES)
    assert outline_document(row) == outline_document(row)
