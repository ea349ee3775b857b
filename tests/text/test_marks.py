"""Letters that a site hangs onto its paragraphs."""

from govreports.text.marks import find_marks
from govreports.text.spans import cut

PARAGRAPHS = ["各位代表：", "全旗生产总值完成，GDP增长5%。", "（一）提质增效", *["扎实推进各项工作。"] * 8]


def test_the_same_letters_behind_each_paragraph_are_a_mark() -> None:
    marked = "\n".join(f"{paragraph}Zeu" for paragraph in PARAGRAPHS)
    assert cut(marked, find_marks(marked)) == "\n".join(PARAGRAPHS)


def test_a_mark_may_be_torn() -> None:
    torn = "\n".join(f"{paragraph}Ze\nu" if i == 5 else f"{paragraph}Zeu" for i, paragraph in enumerate(PARAGRAPHS))
    assert cut(torn, find_marks(torn)) == "\n".join(PARAGRAPHS)


def test_words_at_the_ends_of_lines_are_none() -> None:
    assert find_marks("\n".join([*PARAGRAPHS, "人均GDP", "平台APP"] * 2)) == []
