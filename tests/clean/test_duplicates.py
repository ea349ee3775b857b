"""Duplicates within a partition: which of them stands for all, whatever the order of files."""

from itertools import permutations
from typing import Any

import numpy as np

from govreports.clean.duplicates import mark_duplicates, similarity, sketch

PROSE = "".join(
    f"第{n}项任务是推动产业转型升级，完成投资{n * 7}亿元，增长{n % 13}%，建成项目{n * 3}个。" for n in range(200)
)


def row(doc_id: str, text: str, **columns: Any) -> dict[str, Any]:
    base = {"doc_type": "work_report", "completeness": "full", "damaged_spans": 0, "repaired_spans": 0}
    return {"doc_id": doc_id, "clean_text": text, "clean_chars": len(text), "duplicate_of": None} | base | columns


def test_near_copies_point_to_the_cleanest_in_any_order() -> None:
    damaged = row("a", PROSE.replace("产业", "产?", 5) + "附注", damaged_spans=5)
    cut = row("b", PROSE[: int(len(PROSE) * 0.8)], completeness="truncated")
    clean = row("c", PROSE)
    for order in permutations([damaged, cut, clean]):
        rows = mark_duplicates([dict(r) for r in order])
        assert {r["doc_id"]: r["duplicate_of"] for r in rows} == {"a": "c", "b": "c", "c": None}


def test_two_reports_of_one_year_are_two_documents() -> None:
    other = "".join(f"过去五年第{n}件大事是城市更新，改造小区{n}个，受益居民{n * 11}户。" for n in range(200))
    rows = mark_duplicates([row("a", PROSE), row("b", other)])
    assert [r["duplicate_of"] for r in rows] == [None, None]


def test_documents_of_different_type_are_no_duplicates() -> None:
    rows = mark_duplicates([row("a", PROSE), row("b", PROSE, doc_type="other")])
    assert [r["duplicate_of"] for r in rows] == [None, None]


def test_similarity_estimates_the_share_of_common_text() -> None:
    half = PROSE[: len(PROSE) // 2]
    assert similarity(sketch(PROSE), sketch(PROSE)) == 1.0
    assert 0.35 < similarity(sketch(PROSE), sketch(half)) < 0.65
    assert similarity(sketch("一二"), sketch("")) == 0.0
    assert np.all(np.diff(sketch(PROSE)) > 0)
