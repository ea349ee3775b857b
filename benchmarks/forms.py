"""Forms that the same page comes in: set to a width, spaced, strewn with signs, its numbers torn.

Belongs here: rewriting a real page into such forms, and how many of its values are read the same then. Does not belong here:
damage of generated reports, whose truth is known (see `benchmarks.damage`).

    python -m benchmarks.forms FOLDER [--limit N] [--form NAME ...]

prints one table: for each form, of the values that are read in the page as it came how many are read in every column the same,
how many are read in all, and how many sections have titles.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from govreports.intake.source import SourceFile
from govreports.pipeline import Report, read_report, source_files

_COLUMNS = (
    "indicator_id",
    "measure",
    "value",
    "value_low",
    "value_high",
    "unit",
    "bound",
    "status",
    "time_period",
    "scope",
)
_HAN = "\u4e00-\u9fff"
_HEADING = re.compile(
    r"(?m)^[ \u3000]*((?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|\d{1,2}[.、])[^\n。]{2,30})$"
)
_READINGS = dict(
    zip("省值亿元增长年收入", ("sheng", "zhi", "yi", "yuan", "zeng", "chang", "nian", "shou", "ru"), strict=True)
)
_SEED = 1


# -- lines --------------------


def printed(text: str) -> float:
    """Width with Latin letters and digits half as wide as Han characters."""
    return sum(0.5 if char.isascii() else 1 for char in text)


def set_to(
    width: float, paragraphs: Sequence[str], indent: str, measure: Callable[[str], float] = printed
) -> list[str]:
    """The lines of paragraphs set to a width: numbers stay whole, no line begins with a stop."""
    lines = []
    for paragraph in paragraphs:
        line = indent
        for token in re.findall(r"[!-~]+|.", paragraph):
            if measure(line + token) > width and token not in "，。、；：！？”）":
                lines.append(line)
                line = ""
            line += token
        lines.append(line)
    return lines


def _paragraphs(text: str) -> list[str]:
    # Line ends that a page has as four characters are a form of their own.
    lines = (line.strip(" \t\r\u3000") for line in text.replace("\\r\\n", "\n").split("\n"))
    return [line for line in lines if line]


def _wrapped(width: float, indent: str, end: str = "\n") -> Callable[[str], str]:
    return lambda text: end.join(set_to(width, _paragraphs(text), indent))


def _paged(text: str) -> str:
    lines = set_to(30, _paragraphs(text), "\u3000\u3000", len)
    return "\n".join(line + (f"\n— {i // 28 + 1} —" if i % 28 == 27 else "") for i, line in enumerate(lines))


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in _paragraphs(text))


def _marked(text: str) -> str:
    return "\n".join(f"{line}Zeu" for line in _paragraphs(text))


# -- characters --------------------


def _sown(pattern: str, new: str | Callable[[re.Match[str]], str], share: float = 1.0) -> Callable[[str], str]:
    """Replace a share of the matches of a pattern, the same ones each time."""
    compiled = re.compile(pattern)

    def form(text: str) -> str:
        rng = random.Random(_SEED)
        return compiled.sub(
            lambda m: (m.expand(new) if isinstance(new, str) else new(m)) if rng.random() < share else m[0], text
        )

    return form


def _in_characters(match: re.Match[str]) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in match[0])


FORMS: dict[str, Callable[[str], str]] = {
    "set to 28, indented": _wrapped(28, "\u3000\u3000"),
    "set to 34": _wrapped(34, ""),
    "set to 22, a blank line behind each": _wrapped(22, "", "\n\n"),
    "set to 30 characters, page numbers": _paged,
    "a blank behind every character": _sown(f"(?<=[{_HAN}])(?=[{_HAN}])", " "),
    "headings spaced": lambda text: _HEADING.sub(lambda m: " ".join(m[1]), text),
    "characters without width": _sown(r"(?<=\S)(?=\S)", "\u200b", 0.1),
    "pinyin without tone marks": _sown("[省值亿元增长年收入]", lambda m: f"{m[0]}({_READINGS[m[0]]})", 0.4),
    "marks behind paragraphs": _marked,
    "Markdown headings": lambda text: _HEADING.sub(r"## **\1**", text),
    "quoted lines": _quoted,
    "points for stops": lambda text: text.translate(str.maketrans("，。；：（）", ",.;:()")),
    "years in characters": _sown(r"(?<!\d)(?:20[0-2]\d|19[89]\d)(?=年)", _in_characters),
    "a letter in years": _sown(r"(?<!\d)20(\d\d)(?=年)", r"2O\1"),
    "a blank in years": _sown(r"(?<!\d)20(\d\d)(?=年)", r"20 \1"),
    "corner quotation marks": lambda text: text.translate(str.maketrans("“”", "「」")),
    "straight quotation marks": lambda text: text.translate(str.maketrans("“”", '""')),
    "pictures before lines": lambda text: re.sub(r"\n(?=\S)", "\n\U0001f449", text),
    "a blank behind the point": _sown(r"(\d\.)(?=\d)", r"\1 "),
    "a stop for the point": _sown(r"(?<=\d)\.(?=\d)", "。", 0.3),
    "a middle dot for the point": _sown(r"(?<=\d)\.(?=\d)", "·"),
    "Chinese commas in thousands": _sown(r"(?<![\d.])(\d{1,3})(\d{3})(?=[亿万元人])", r"\1，\2"),
    "a JSON string": lambda text: json.dumps({"content": text}, ensure_ascii=False),
    "a JSON string in ASCII": lambda text: json.dumps({"content": text}),
    "HTML in JSON": lambda text: json.dumps({"content": "".join(f"<p>{line}</p>" for line in _paragraphs(text))}),
    "twice": lambda text: f"{text}\n{text}",
}


def compare(file: SourceFile, forms: Sequence[str]) -> dict[str, Counter[str]]:
    """By form: values of the page as it came, those of them that the form keeps, all that are read in it, titles."""
    page = read_report(file)
    out: dict[str, Counter[str]] = {}
    if page.reason_code:
        return out
    values = values_of(page)
    for name in forms:
        report = read_report(SourceFile("page.txt", FORMS[name](page.raw["raw_text"]).encode()))
        found = values_of(report)
        out[name] = Counter(
            values=values.total(),
            kept=(values & found).total(),
            found=found.total(),
            titles=_titles(report),
            before=_titles(page),
        )
    return out


def values_of(report: Report) -> Counter[tuple[Any, ...]]:
    """What a report states, wherever it stands."""
    return Counter(tuple(row[name] for name in _COLUMNS) for row in report.observations)


def _titles(report: Report) -> int:
    return sum(section["title"] is not None for section in report.sections)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, default=24, help="Reports, spread evenly over the folder.")
    parser.add_argument(
        "--form", action="append", choices=list(FORMS), help="Only this form; may be given several times."
    )
    options = parser.parse_args(arguments)
    files = list(source_files(options.folder))
    files = files[:: max(1, len(files) // options.limit)][: options.limit]
    totals: dict[str, Counter[str]] = {}
    for file in files:
        for name, counts in compare(file, options.form or list(FORMS)).items():
            totals[name] = totals.get(name, Counter()) + counts
    print("| form | values | kept | read in all | titles |\n| --- | ---: | ---: | ---: | ---: |")
    for name, c in totals.items():
        print(
            f"| {name} | {c['values']:,} | {c['kept'] / c['values']:.1%} | {c['found']:,} | {c['titles']:,} of {c['before']:,} |"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
