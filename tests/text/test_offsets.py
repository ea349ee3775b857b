"""Offset maps against a model that carries the origin of every character along."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govreports.text.offsets import OffsetMap

Step = list[tuple[int, int, str]]


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, list[Step]]:
    """A text and up to four rounds of replacements, each over the text that the round before left."""
    text = draw(st.text("abcdef\n一二三", max_size=40))
    steps, length = [], len(text)
    for _ in range(draw(st.integers(0, 4))):
        cuts = sorted(draw(st.lists(st.integers(0, length), max_size=8)))
        step = [
            (start, end, draw(st.text("XYZ", max_size=3))) for start, end in zip(cuts[::2], cuts[1::2], strict=False)
        ]
        # Two insertions at one place have no order.
        step = [r for r, after in pairwise([*step, (length + 1, length + 1, "")]) if r[:2] != after[:2]]
        steps.append(step)
        length += sum(len(after) - (end - start) for start, end, after in step)
    return text, steps


def run(text: str, steps: list[Step]) -> tuple[str, list[tuple[int, int] | None], OffsetMap]:
    """The result, for each of its characters the source span it came from (null for an insertion), and the composed map."""
    origin: list[tuple[int, int] | None] = [(i, i + 1) for i in range(len(text))]
    offsets = OffsetMap()
    for step in steps:
        out, came, last = [], [], 0
        for start, end, after in step:
            out.append(text[last:start] + after)
            spans = [span for span in origin[start:end] if span]
            whole = (min(s[0] for s in spans), max(s[1] for s in spans)) if spans else None
            replaced = origin[start:end] if len(after) == end - start else [whole] * len(after)
            came += origin[last:start] + replaced
            last = end
        text = "".join(out) + text[last:]
        origin = came + origin[last:]
        offsets = offsets.then(OffsetMap.from_replacements((s, e, len(a)) for s, e, a in step))
    return text, origin, offsets


@given(changes())
def test_every_character_is_found_in_its_source(change: tuple[str, list[Step]]) -> None:
    source, steps = change
    result, origin, offsets = run(source, steps)
    for i, span in enumerate(origin):
        start, end = offsets.to_source(i, i + 1)
        assert 0 <= start <= end <= len(source)
        if span:
            assert start <= span[0] and span[1] <= end
    assert offsets.to_source(0, len(result))[1] <= len(source)


@given(changes())
def test_there_and_back_covers_the_span(change: tuple[str, list[Step]]) -> None:
    source, steps = change
    result, _, offsets = run(source, steps)
    for i in range(len(result)):
        start, end = offsets.to_source(i, i + 1)
        if start < end:
            back = offsets.to_result(start, end)
            assert back[0] <= i and i + 1 <= back[1]


@given(changes())
def test_maps_are_monotone(change: tuple[str, list[Step]]) -> None:
    source, steps = change
    result, _, offsets = run(source, steps)
    starts = [offsets.to_source(i, i + 1) for i in range(len(result))]
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(starts))
    for edit, following in pairwise(offsets.edits):
        assert edit.source_end <= following.source_start and edit.result_end <= following.result_start


@given(changes())
def test_an_encoded_map_decodes_to_itself(change: tuple[str, list[Step]]) -> None:
    _, _, offsets = run(*change)
    assert OffsetMap.decode(offsets.encode()) == offsets


@given(changes())
def test_unchanged_text_between_edits_is_in_step(change: tuple[str, list[Step]]) -> None:
    source, steps = change
    result, _, offsets = run(source, [[r for r in step if len(r[2]) != r[1] - r[0]] for step in steps[:1]])
    last = 0
    for edit in offsets.edits:
        assert (
            result[last : edit.result_start]
            == source[edit.source_start - (edit.result_start - last) : edit.source_start]
        )
        last = edit.result_end


def test_a_deletion_beside_a_replacement_stays_apart() -> None:
    chrome = OffsetMap.from_replacements([(0, 100, 0)])
    entity = OffsetMap.from_replacements([(0, 6, 1)])
    assert chrome.then(entity).to_source(0, 1) == (100, 106)


def test_overlapping_replacements_are_refused() -> None:
    with pytest.raises(ValueError, match="without overlap"):
        OffsetMap.from_replacements([(3, 5, 1), (4, 6, 1)])


def test_a_list_of_the_wrong_length_is_no_map() -> None:
    with pytest.raises(ValueError, match="four numbers"):
        OffsetMap.decode([1, 2, 3])
