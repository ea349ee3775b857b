"""Pieces: data that loads as a script, and the folder that they lie in."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_project import data_of, objects

from govreports.site.pieces import Folder, as_script, table

TEXT = st.text(st.characters(codec=None), max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=10,
)


@given(JSON)
def test_data_survives_and_nothing_in_it_can_end_a_script(data: object) -> None:
    script = as_script("x", data)
    assert data_of(script) == data
    assert not set(script.decode()) & set("<>&\u2028\u2029")


def test_markup_and_halves_of_characters_are_escaped() -> None:
    script = as_script("x", ["</script><!--", "\ud800", "中文"])
    assert (
        script == b'govreports.piece("x",["\\u003c/script\\u003e\\u003c!--","\\ud800","' + "中文".encode() + b'"]);\n'
    )


def test_numbers_have_no_noise_and_what_is_no_number_is_null() -> None:
    script = as_script("x", [0.1 + 0.2, 3.0, 1e300, float("nan"), float("inf"), {"a": (1.5,)}])
    assert script == b'govreports.piece("x",[0.3,3,1e+300,null,null,{"a":[1.5]}]);\n'


def test_other_types_are_refused() -> None:
    with pytest.raises(TypeError, match="a piece holds a set"):
        as_script("x", {1, 2})


CELLS = st.none() | st.sampled_from(["a", "b", "江西"]) | st.integers(0, 3)


@given(
    st.lists(st.fixed_dictionaries({"a": CELLS, "b": st.none() | st.sampled_from(["x", "y"]), "c": TEXT}), max_size=12)
)
def test_a_table_gives_its_rows_back(rows: list[dict[str, Any]]) -> None:
    made = table(rows, ["b", "c", "a"])
    assert objects(made) == rows
    assert made["columns"] == ["b", "c", "a"]


def test_texts_that_repeat_stand_once() -> None:
    made = table([{"a": "x", "b": "p"}, {"a": "x", "b": "q"}, {"a": None, "b": "r"}], ["a", "b"])
    assert made == {"columns": ["a", "b"], "words": {"a": ["x"]}, "rows": [[0, "p"], [0, "q"], [None, "r"]]}


def test_a_file_is_written_only_where_it_changes(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.put("data/a.js", b"one")
    before = (tmp_path / "data/a.js").stat().st_mtime_ns
    again = Folder(tmp_path)
    again.put("data/a.js", b"one")
    assert (again.written, (tmp_path / "data/a.js").stat().st_mtime_ns) == (0, before)
    again.put("data/a.js", b"two")
    assert (again.written, (tmp_path / "data/a.js").read_bytes()) == (1, b"two")


def test_what_nobody_kept_is_removed(tmp_path: Path) -> None:
    for name in ("kept", "old", ".old.123.tmp"):
        (tmp_path / name).write_bytes(b"x")
    folder = Folder(tmp_path)
    folder.keep("kept")
    folder.put("new", b"x")
    folder.remove_others()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept", "new"]
    assert folder.removed == 2


def test_an_empty_file_counts_as_missing(tmp_path: Path) -> None:
    (tmp_path / "cut").write_bytes(b"")
    (tmp_path / "whole").write_bytes(b"x")
    folder = Folder(tmp_path)
    assert (folder.has("cut"), folder.has("whole"), folder.has("none")) == (False, True, False)
