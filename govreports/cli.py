"""The commands that need no orchestration: explain · read · try · show · trace · score, and those that packages bring along.

Belongs here: options, what is printed, and what people are told when something is wrong. Does not belong here: the work itself.

A package of the library adds commands by a module `commands.py` with a tuple `COMMANDS` of click commands; it is found by
itself. `assets/cli.py` adds the commands that orchestrate to the group `cli`.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import pkgutil
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import govreports
from govreports.metadata.code_lists import load_code_lists
from govreports.metadata.tables import DeclarationError
from govreports.store.stores import StoreError
from govreports.warehouse.connection import WarehouseError, published_file, records
from govreports.warehouse.publish import FILE_NAME

if TYPE_CHECKING:
    from govreports.pipeline import Report

Row = dict[str, Any]

_STATUS_COLOURS = {"actual": "green", "estimated": "yellow", "target": "cyan", "past_target": "magenta"}
_BOUNDS = {"approx": "≈", "at_least": "≥", "at_most": "≤", "near": "<≈"}
# Raw characters shown on either side of a value.
_AROUND = 40
# What tells two readings of one place apart.
_IDENTITY = ("source_file", "raw_start", "indicator_id", "measure")
_COMPARED = ("value", "value_low", "value_high", "unit", "bound", "status", "time_period", "scope")


class Commands(click.Group):
    """A group that turns what can go wrong into one sentence instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # The reader of a pipe has gone (`| head`): no error, and click ends quietly.
            raise
        except (DeclarationError, StoreError, WarehouseError, OSError) as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(govreports.__version__, prog_name="govreports")
def cli() -> None:
    """Chinese government work reports as comparable data."""


_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
_warehouse = click.option(
    "--warehouse",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("warehouse"),
    show_default=True,
    help="Folder that holds the published file.",
)


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--cleaning", is_flag=True, help="Show what cleaning did instead: zones, steps and their repairs.")
@_as_json
def explain(file: Path, cleaning: bool, as_json: bool) -> None:
    """Print a report with every observation marked in its sentence and the rule that read it."""
    from govreports.pipeline import read_report, source_file

    report = read_report(source_file(file))
    if report.reason_code:
        raise click.ClickException(f"{file} was refused ({report.reason_code}): {report.reason}")
    if cleaning:
        _print_cleaning(report, as_json)
    elif as_json:
        click.echo(_json(_report_json(report)))
    else:
        _print_report(report)


@cli.command("read")
@click.argument("sentence")
@click.option(
    "--year", type=int, default=None, help="Year of the report; it reviews the year before. Default: this year."
)
@click.option(
    "--role",
    type=click.Choice([code.code for code in load_code_lists()["section_role"]]),
    default="review",
    show_default=True,
    help="Role of the section that the sentence stands in.",
)
@_as_json
def read_(sentence: str, year: int | None, role: str, as_json: bool) -> None:
    """Read one SENTENCE and print every value found in it."""
    if not sentence.strip():
        raise click.UsageError('the sentence is empty; try govreports read "地区生产总值增长6%"')
    from govreports.pipeline import read_sentence

    report = read_sentence(sentence, year or date.today().year, role)
    if as_json:
        click.echo(_json({"observations": report.observations, "quantities": report.quantities}))
        return
    if report.observations:
        _print_sentences(report.observations)
    other = [q for q in report.quantities if not q.get("observation_id")]
    for quantity in other:
        click.echo(f"  {click.style('no indicator', dim=True)}  {quantity.get('head') or '–'}: {quantity['quote']}")
    if not report.observations and not other:
        click.echo("No value was found in this sentence.")


@cli.command("try")
@click.argument("indicator")
@click.option(
    "--raw",
    "raw_dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path("raw"),
    show_default=True,
    help="Folder with the reports to read.",
)
@_as_json
def try_(indicator: str, raw_dir: Path, as_json: bool) -> None:
    """Show what a changed catalogue entry finds over raw/: before (the last commit's catalogue) against after."""
    from govreports.metadata.catalogue import load_catalogue

    known = load_catalogue().indicators
    if indicator not in known:
        near = [id_ for id_, entry in known.items() if indicator in id_ or indicator in entry.name_zh]
        hint = f"; did you mean {', '.join(near[:5])}?" if near else ""
        raise click.UsageError(f"{indicator} is not in the catalogue{hint}")
    after = indicator_rows(indicator, raw_dir)
    before = _rows_before(indicator, raw_dir)
    difference = compare(before, after) if before is not None else None
    if as_json:
        click.echo(_json({"before": before, "after": after, **(difference or {})}))
    elif difference is None:
        click.echo("The catalogue has no committed state to compare with; this is what it finds now.")
        _print_marked("=", None, after)
    else:
        for sign, colour, name in (("-", "red", "removed"), ("+", "green", "added"), ("~", "yellow", "changed")):
            _print_marked(sign, colour, difference[name])
        counts = ", ".join(f"{len(rows)} {name}" for name, rows in difference.items())
        click.echo(f"{indicator}: {len(before or [])} before, {len(after)} after ({counts})")


@cli.command()
@click.argument("region")
@click.argument("year", type=int)
@click.argument("indicator", required=False)
@_warehouse
@_as_json
def show(region: str, year: int, indicator: str | None, warehouse: Path, as_json: bool) -> None:
    """Print what is known of a REGION (code or name) for a YEAR, with the quotes."""
    with published_file(warehouse / FILE_NAME) as con:
        found = records(
            con,
            "SELECT region_code, full_name FROM core.region WHERE region_code = ? OR name = ? OR full_name = ?",
            [region] * 3,
        )
        stated = {code for (code,) in con.execute("SELECT DISTINCT region_code FROM mart.region_year_long").fetchall()}
        found = [row for row in found if row["region_code"] in stated] or found
        if not found:
            raise click.UsageError(f"no region is called {region}; give its name or its six-digit code")
        if len(found) > 1:
            names = ", ".join(f"{row['region_code']} {row['full_name']}" for row in found)
            raise click.UsageError(f"several regions are called {region}: {names}; give the code")
        rows = records(
            con,
            """SELECT l.*, i.name_zh, i.domain FROM mart.region_year_long l JOIN core.indicator i USING (indicator_id)
               WHERE l.region_code = ? AND l.year = ? AND coalesce(l.indicator_id = ?, true)
               ORDER BY i.domain, l.indicator_id, l.measure""",
            [found[0]["region_code"], year, indicator],
        )
    if as_json:
        click.echo(_json(rows))
        return
    where = f"{found[0]['full_name'] or region} ({found[0]['region_code']}), {year}"
    click.echo(
        click.style(where, bold=True) if rows else f"{where}: nothing stated{f' of {indicator}' if indicator else ''}"
    )
    _print_values([_inert(row) for row in rows])


@cli.command()
@click.argument("observation_id")
@_warehouse
@_as_json
def trace(observation_id: str, warehouse: Path, as_json: bool) -> None:
    """Print where an observation comes from: file, section, sentence and the exact characters."""
    with published_file(warehouse / FILE_NAME) as con:
        rows = records(
            con,
            """SELECT o.*, d.source_file, d.title, d.region_name, d.partition_key, s.path AS section_path, i.name_zh
               FROM core.observation o JOIN text.document d USING (doc_id)
               LEFT JOIN text.section s USING (section_id) LEFT JOIN core.indicator i USING (indicator_id)
               WHERE starts_with(o.observation_id, ?) ORDER BY o.observation_id LIMIT 2""",
            [observation_id],
        )
        touched = records(con, "SELECT * FROM core.correction WHERE starts_with(observation_id, ?)", [observation_id])
        against = records(
            con,
            """SELECT rule, stated, implied, other_quote, third_quote FROM mart.consistency
               WHERE verdict = 'contradicts' AND starts_with(observation_id, ?) ORDER BY check_id, other_observation_id""",
            [observation_id],
        )
    if len(rows) != 1:
        problem = "no observation has" if not rows else "several observations have"
        raise click.UsageError(f"{problem} an id that starts with {observation_id}; ids are in core.observation")
    row = rows[0]
    if as_json:
        click.echo(_json(row))
        return
    row = _inert(row)
    value = click.style(f"{_BOUNDS.get(str(row['bound']), '')}{_value(row)}", bold=True)
    facts = [
        ("observation", row["observation_id"]),
        ("indicator", f"{row['name_zh']} ({row['indicator_id']}), {row['measure']}"),
        ("value", f"{value}, in base units {_grouped(row['obs_value'])} {row['unit_measure']}"),
        ("period", f"{row['time_period'] or 'not stated'}, {_status(row)}, {row['bound']}, scope {row['scope']}"),
        ("rule", f"{row['rule_id']}, confidence {row['confidence']:.2f}"),
        ("report", f"{row['title']} — {row['region_name']} {row['report_year']}"),
        ("section", row["section_path"]),
        ("file", f"{row['source_file']}, characters {row['raw_start']}–{row['raw_end']} of the decoded text"),
        ("sentence", _marked(str(row["sentence"] or ""), [row])),
        ("raw text", _raw_excerpt(row, warehouse)),
        ("page", _page(row, warehouse)),
    ]
    facts += [("by hand", f"{c['action']}, {c['correction_id']}: {c['reason']}") for c in touched]
    facts += [("contradicts", _contradiction(c)) for c in against]
    for label, fact in facts:
        if fact:
            click.echo(f"{click.style(f'{label:<12}', dim=True)}{fact}")


@cli.command()
@click.argument("gold", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_warehouse
@click.option("--all", "every", is_flag=True, help="A line for each indicator, not only the total.")
@_as_json
def score(gold: tuple[Path, ...], warehouse: Path, every: bool, as_json: bool) -> None:
    """Score the published observations against golden labels: the shipped sets and further GOLD files in their layout."""
    from govreports.quality.score import TOTAL, score_warehouse

    with published_file(warehouse / FILE_NAME) as con:
        rows = score_warehouse(con, gold)
    rows = [row for row in rows if every or row["indicator_id"] == TOTAL]
    if as_json:
        click.echo(_json(rows))
    elif not rows:
        click.echo("The warehouse holds none of the labelled reports.")
    for row in [] if as_json else rows:
        click.echo(
            f"{row['gold_set']:<12}{row['indicator_id']:<26}{row['match']:<8}precision {row['precision']:.3f}  "
            f"recall {row['recall']:.3f}  F1 {row['f1']:.3f}  ({row['labelled']} labels, {row['predicted']} read)"
        )


def indicator_rows(indicator: str, raw_dir: Path) -> list[Row]:
    """Observations of one indicator in all reports under a folder, in the order of files and places."""
    from govreports.pipeline import read_report, source_files

    out = []
    for file in source_files(raw_dir):
        report = read_report(file)
        found = [row for row in report.observations if row["indicator_id"] == indicator]
        out += [{"source_file": file.source_file, **row} for row in sorted(found, key=lambda row: row["raw_start"])]
    return json.loads(_json(out))


def compare(before: Iterable[Row], after: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows by what became of them: removed, added, changed (as they are now)."""
    old, new = _keyed(before), _keyed(after)
    return {
        "removed": [row for key, row in old.items() if key not in new],
        "added": [row for key, row in new.items() if key not in old],
        "changed": [
            row for key, row in new.items() if key in old and any(row.get(c) != old[key].get(c) for c in _COMPARED)
        ],
    }


def register(commands: Iterable[click.Command]) -> None:
    """Add commands to the group. Raises ValueError for a name that is taken."""
    for command in commands:
        if command.name in cli.commands:
            raise ValueError(f"a command {command.name} exists already")
        cli.add_command(command)


def _register_packages() -> None:
    for package in pkgutil.iter_modules(govreports.__path__, "govreports."):
        name = f"{package.name}.commands"
        if package.ispkg and importlib.util.find_spec(name):
            register(importlib.import_module(name).COMMANDS)


def _rows_before(indicator: str, raw_dir: Path) -> list[Row] | None:
    """The same rows read with the catalogue of the last commit; None where there is none."""
    package = Path(govreports.__file__).resolve().parent
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "govreports"
        shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__"))
        if not _restore_catalogue(package, copy):
            return None
        code = "import sys; from pathlib import Path; from govreports.cli import _json, indicator_rows; "
        code += "sys.stdout.buffer.write(_json(indicator_rows(sys.argv[1], Path(sys.argv[2]))).encode())"
        command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {folder!r}); {code}"]
        done = subprocess.run(
            [*command, indicator, str(raw_dir.resolve())], capture_output=True, cwd=folder, check=False
        )
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise click.ClickException(f"the committed catalogue could not be run: {' '.join(last)}")
    return json.loads(done.stdout)


def _restore_catalogue(package: Path, copy: Path) -> bool:
    """Put the committed indicator files into a copy of the package; False where they were never committed."""
    git = shutil.which("git")
    if not git:
        return False

    def run(*arguments: str) -> bytes | None:
        done = subprocess.run([git, "-C", str(package), *arguments], capture_output=True, check=False)
        return done.stdout if done.returncode == 0 else None

    listed = run("ls-tree", "--name-only", "HEAD", "metadata/indicators/")
    if not listed:
        return False
    shutil.rmtree(copy / "metadata" / "indicators")
    (copy / "metadata" / "indicators").mkdir()
    for name in listed.decode().split():
        (copy / name).write_bytes(run("show", f"HEAD:./{name}") or b"")
    return True


def _keyed(rows: Iterable[Row]) -> dict[tuple[Any, ...], Row]:
    return {tuple(row.get(name) for name in _IDENTITY): row for row in rows}


def _report_json(report: Report) -> Row:
    document = {name: value for name, value in report.cleaned.items() if name not in ("clean_text", "offsets", "span")}
    return {
        "document": document,
        "sections": report.sections,
        "observations": report.observations,
        "quantities": report.quantities,
    }


def _print_cleaning(report: Report, as_json: bool) -> None:
    if as_json:
        click.echo(_json(report.cleaned.get("span", [])))
        return
    from govreports.clean.explain import describe
    from govreports.clean.plan import clean

    for line in describe(clean(report.raw["raw_text"], report.raw["media_type"])):
        click.echo(line)


def _print_report(report: Report) -> None:
    row = report.cleaned
    head = f"{row.get('region_name')} ({row.get('region_code')}) {row.get('report_year')}, {row.get('doc_type')}"
    click.echo(click.style(head, bold=True))
    click.echo(f"{report.source_file}: {row.get('title') or 'no title'}")
    paths = {section["section_id"]: section for section in report.sections}
    last = None
    for place, rows in _by_sentence(report.observations):
        section = paths.get(rows[0].get("section_id"))
        if section is not None and section is not last:
            click.echo(
                click.style(f"\n{section.get('path') or section.get('title') or '–'} [{section['role']}]", bold=True)
            )
            last = section
        _print_sentences(rows, place)
    read = sum(1 for quantity in report.quantities if quantity.get("observation_id"))
    click.echo(
        f"\n{len(report.observations)} observations; {len(report.quantities)} quantities, {read} of them of known indicators"
    )


def _by_sentence(observations: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    groups: dict[tuple[Any, str], list[Row]] = {}
    for row in sorted(observations, key=lambda row: row["raw_start"]):
        groups.setdefault((row.get("section_id"), row.get("sentence") or row["quote"]), []).append(row)
    for (_, sentence), rows in groups.items():
        yield sentence, rows


def _print_sentences(rows: Sequence[Row], sentence: str | None = None) -> None:
    click.echo(_marked(sentence or str(rows[0].get("sentence") or rows[0]["quote"]), rows))
    for row in rows:
        notes = f" 口径 {row['definition_note']}" if row.get("definition_note") else ""
        click.echo(
            f"    {row['indicator_id']} {row['measure']} {click.style(_value(row), bold=True)} {row['bound']} {_status(row)} "
            f"{row.get('time_period') or 'no period'} {row['scope']}{notes}  "
            + click.style(f"{row['rule_id']} {row['confidence']:.2f}", dim=True)
        )


def _print_values(rows: Sequence[Row]) -> None:
    """Values of a place and year under the headings of their domains; a derived one carries an asterisk."""
    domain = None
    for row in rows:
        if row["domain"] != domain:
            domain = row["domain"]
            click.echo(click.style(domain or "other", dim=True))
        value = f"{_BOUNDS.get(str(row['bound']), '')}{_grouped(row['obs_value'])} {row['unit_measure']}"
        derived = "*" if row["obs_status"] == "I" else " "
        status = _status(row) + " " * (10 - len(str(row["status"])))
        quote = _padded(str(row["quote"] or ""), 24)
        identity = click.style(str(row["observation_id"] or ""), dim=True)
        name = _padded(f"{row['name_zh']} {row['measure']}", 44)
        click.echo(f"  {name}{value:>26}{derived} {status} {quote} {identity}".rstrip())
    if any(row["obs_status"] == "I" for row in rows):
        click.echo(click.style("* derived from the levels of two years, nominal", dim=True))


def _raw_excerpt(row: Mapping[str, Any], warehouse: Path) -> str:
    """The raw characters around a value as they lie in the lake; empty where there is none."""
    if not (warehouse / "lake").is_dir():
        return ""
    from govreports.lake.store import lake_of
    from govreports.site.report import LakeLibrary

    texts = LakeLibrary(lake_of(warehouse)).texts(str(row["partition_key"])).get(str(row["doc_id"]))
    if texts is None:
        return ""
    start, end = int(row["raw_start"]), int(row["raw_end"])
    before, after = texts.raw[max(0, start - _AROUND) : start], texts.raw[end : end + _AROUND]
    marked = click.style(f"【{_printable(texts.raw[start:end])}】", fg="green")
    return f"…{_printable(before)}{marked}{_printable(after)}…"


def _inert(row: Row) -> Row:
    """A row whose words can be printed."""
    return {name: _printable(value) if isinstance(value, str) else value for name, value in row.items()}


def _printable(text: str) -> str:
    """A raw text in one line; what stands in it must not steer the terminal."""
    return "".join(char if char.isprintable() else "␣" for char in text)


def _page(row: Mapping[str, Any], warehouse: Path) -> str:
    """The place in the explorer, where it has been built."""
    page = warehouse / "site" / "report" / f"{row['doc_id']}.html"
    return f"{page.absolute().as_uri()}#obs={row['observation_id']}" if page.is_file() else ""


def _contradiction(row: Mapping[str, Any]) -> str:
    quotes = " and ".join(f"“{quote}”" for quote in (row["other_quote"], row["third_quote"]) if quote)
    text = f"{row['rule']}: stated {_grouped(row['stated'])}, implied {_grouped(row['implied'])}"
    return click.style(text + (f" by {quotes}" if quotes else ""), fg="red")


def _print_marked(sign: str, colour: str | None, rows: Iterable[Row]) -> None:
    for row in rows:
        line = f"{sign} {row['source_file']} {row['raw_start']}: {row['measure']} {_value(row)} {row['status']} "
        line += f"{row.get('time_period') or 'no period'} {row['scope']}  {row['quote']}"
        click.echo(click.style(line, fg=colour) if colour else line)


def _marked(sentence: str, rows: Iterable[Mapping[str, Any]]) -> str:
    """The sentence with the quotes that occur in it between lenticular brackets."""
    taken: list[tuple[int, int]] = []
    for row in rows:
        start = sentence.find(row["quote"], 0)
        while start >= 0 and any(start < b and a < start + len(row["quote"]) for a, b in taken):
            start = sentence.find(row["quote"], start + 1)
        if start >= 0:
            taken.append((start, start + len(row["quote"])))
    for start, end in sorted(taken, reverse=True):
        shown = click.style(f"【{sentence[start:end]}】", fg="green")
        sentence = sentence[:start] + shown + sentence[end:]
    return sentence


def _value(row: Mapping[str, Any]) -> str:
    if row.get("value") is not None:
        return f"{row['value']:.10g}{row.get('unit') or ''}"
    return f"{row.get('value_low')}–{row.get('value_high')}{row.get('unit') or ''}"


def _grouped(value: Any) -> str:
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def _status(row: Mapping[str, Any]) -> str:
    status = str(row.get("status"))
    return click.style(status, fg=_STATUS_COLOURS.get(status))


def _padded(text: str, width: int) -> str:
    wide = sum(1 for char in text if ord(char) > 0x2E80)
    return text + " " * max(1, width - len(text) - wide)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


_register_packages()
