"""Bringing a file up to date: it holds what a file that is built anew holds, and where that cannot be said it is refused."""

import random
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from synthetic_warehouse import HEADLINES, codes, document, filled, indicators, observation, regions, with_mentions

from govreports.marts.sql import FOLDER
from govreports.text.ids import fingerprint
from govreports.warehouse import revision
from govreports.warehouse.basis import changed_partitions, read_basis
from govreports.warehouse.build import build_warehouse
from govreports.warehouse.connection import records
from govreports.warehouse.corrections import Correction, CorrectionError
from govreports.warehouse.inputs import Inputs, write_rows
from govreports.warehouse.report import BuildReport
from govreports.warehouse.revision import CannotRevise, revise_warehouse

Row = dict[str, Any]
REGIONS = ("360102", "360103", "360104", "360105")
FACTS = (
    ("gdp", "level"),
    ("gdp", "growth_yoy"),
    ("budget_revenue", "level"),
    ("unemployment_rate", "level"),
    ("hightech_firms", "level"),
)


@dataclass
class Corpus:
    """A made-up lake: the rows of each partition by table, and refused files."""

    partitions: dict[str, dict[str, list[Row]]] = field(default_factory=dict)
    refused: list[Row] = field(default_factory=list)

    def put(self, region: str, year: int, seed: int, **values: Any) -> None:
        """A report whose numbers follow from a seed, with an outturn, a target and a table."""
        doc = document(f"d{region}{year}-{seed}", region, year, source_file=f"{region}-{year}.txt", **values)
        chance, rows = random.Random(seed), []
        for place, (indicator, measure) in enumerate(FACTS):
            for status, period in (("actual", year - 1), ("target", year)):
                if chance.random() < 0.8:
                    at = 20 + 40 * place + 20 * (status == "target")
                    rows.append(
                        observation(
                            doc, indicator, measure, round(chance.uniform(1, 200), 1), str(period), at=at, status=status,
                            section_id=f"s{doc['doc_id']}",
                        )
                    )  # fmt: skip
        section = filled(
            "text.section", section_id=f"s{doc['doc_id']}", doc_id=doc["doc_id"], ordinal=1, depth=1, kind="section",
            title="回顾", role="review", text="数字经济" * chance.randrange(4) + "数字化", raw_start=0, raw_end=900,
        )  # fmt: skip
        cell = filled(
            "text.table_cell", section_id=section["section_id"], row_number=1, column_number=1, text=str(seed),
            raw_start=0, raw_end=1,
        )  # fmt: skip
        quantity = filled(
            "core.quantity", quantity_id=f"q{doc['doc_id']}", doc_id=doc["doc_id"], section_id=section["section_id"],
            quote="1", raw_start=20, raw_end=21, time_period=str(year - 3),
            observation_id=rows[0]["observation_id"] if rows else None,
        )  # fmt: skip
        self.partitions[f"{region}-{year}"] = {
            "text.document": [doc], "text.section": [section], "text.table_cell": [cell], "core.observation": rows,
            "core.quantity": [quantity],
        }  # fmt: skip

    def refuse(self, name: str, key: str | None, reason: str = "empty") -> None:
        """A file that was refused."""
        self.refused.append(
            filled(
                "text.quarantine", source_file=name, sha256=name, reason_code=reason, reason=reason, partition_key=key
            )
        )

    def hashes(self) -> dict[str, str]:
        """A hash of each partition."""
        return {key: fingerprint(repr(rows)) for key, rows in self.partitions.items()}

    def inputs(self, folder: Path, only: Iterable[str] | None = None) -> Inputs:
        """Inputs of a build, or of bringing a file up to date in some partitions."""
        chosen = [rows for key, rows in self.partitions.items() if only is None or key in only]
        tables: dict[str, list[Row]] = {
            "core.region": regions(*REGIONS),
            "core.indicator": indicators(),
            "core.theme": [filled("core.theme", theme_id="digital", name_zh="数字经济", terms="数字经济|数字化")],
            "meta.code_list": codes(),
            "text.quarantine": self.refused,
        }
        for rows in chosen:
            for table, listed in rows.items():
                tables[table] = tables.get(table, []) + listed
        files = {table: [write_rows(table, listed, folder)] for table, listed in with_mentions(tables).items()}
        return Inputs(files, HEADLINES, input_count=len(self.partitions), input_hash="0" * 64, partitions=self.hashes())


class Kept:
    """A file that is brought up to date again and again."""

    def __init__(self, corpus: Corpus, folder: Path, corrections: list[Correction] | None = None) -> None:
        self.corpus, self.folder, self.corrections = corpus, folder, corrections or []
        self.turn = 0
        self.path = folder / "0.duckdb"
        self.report = build_warehouse(corpus.inputs(folder / "rows"), self.path, corrections=self.corrections)

    def revise(self) -> BuildReport:
        """Bring the file up to date."""
        before = read_basis(self.path)
        assert before
        changed = changed_partitions(before.partitions, self.corpus.hashes())
        self.turn += 1
        path = self.folder / f"{self.turn}.duckdb"
        made = self.corpus.inputs(self.folder / "rows", changed)
        shutil.copyfile(self.path, path)
        self.report = revise_warehouse(made, before, path, corrections=self.corrections)
        self.path = path
        return self.report

    def anew(self) -> tuple[BuildReport, Path]:
        """The same built anew."""
        path = self.folder / f"anew-{self.turn}.duckdb"
        return build_warehouse(
            self.corpus.inputs(self.folder / "rows"), path, corrections=self.corrections, previous=None
        ), path

    def ask(self, query: str) -> list[Row]:
        """Rows of the file."""
        with duckdb.connect(self.path, read_only=True) as con:
            return records(con, query)


@pytest.fixture
def corpus() -> Corpus:
    made = Corpus()
    for at, region in enumerate(REGIONS):
        # The last region has reports of the years on both sides, so that those do not change what coverage tells of.
        for year in (2021, 2022, 2023) if region != REGIONS[-1] else (2020, 2023, 2025):
            made.put(region, year, 10 * at + year)
    made.refuse("broken.txt", None)
    return made


def counted(path: Path) -> list[tuple]:
    with duckdb.connect(path, read_only=True) as con:
        return con.execute(
            "SELECT schema_name, table_name, row_count, content_hash FROM meta.table_stats "
            "WHERE schema_name <> 'meta' ORDER BY ALL"
        ).fetchall()


def same(kept: Kept) -> None:
    """The file that was brought up to date equals one that is built anew, table by table."""
    report, path = kept.anew()
    assert counted(kept.path) == counted(path)
    assert kept.report.content_hash == report.content_hash
    assert kept.report.blocking == report.blocking == []
    assert checked(kept.report) == checked(report)


def checked(report: BuildReport) -> set[tuple[str, str, int]]:
    """What checks found in text, core and mart."""
    return {(c.name, c.table, c.failing) for c in report.checks if not c.table.startswith("meta.")}


def test_every_kind_of_change_gives_what_building_anew_gives(corpus: Corpus, tmp_path: Path) -> None:
    kept = Kept(corpus, tmp_path)
    corpus.put("360103", 2024, 5)  # a new year
    corpus.put("360102", 2022, 77)  # other numbers
    kept.revise()
    same(kept)
    del corpus.partitions["360104-2021"]  # a report is gone
    kept.revise()
    same(kept)
    corpus.refuse("360105-2024.txt", "360105-2024")  # a refusal fills a cell of coverage
    kept.revise()
    same(kept)
    corpus.refused.clear()
    corpus.put("360105", 2001, 6)  # an old report: coverage tells of more years, in every region
    with pytest.raises(CannotRevise, match="other years"):
        kept.revise()


@pytest.mark.parametrize("seed", range(3))
def test_chains_of_random_changes_give_what_building_anew_gives(corpus: Corpus, tmp_path: Path, seed: int) -> None:
    chance, kept = random.Random(seed), Kept(corpus, tmp_path)
    for _ in range(3):
        for _ in range(chance.randrange(1, 4)):
            region, year = chance.choice(REGIONS), chance.choice((2021, 2022, 2023, 2024))
            if chance.random() < 0.3 and region != REGIONS[-1]:
                corpus.partitions.pop(f"{region}-{year}", None)
            else:
                kind = chance.choice(("full", "full", "secondary", "excerpt"))
                corpus.put(region, year, chance.randrange(1000), completeness=kind)
        try:
            kept.revise()
        except CannotRevise:
            kept = Kept(corpus, tmp_path / f"{seed}-{chance.random()}")
    same(kept)


def test_nothing_changed_gives_the_same(corpus: Corpus, tmp_path: Path) -> None:
    kept = Kept(corpus, tmp_path)
    before = kept.report.content_hash
    assert kept.revise().content_hash == before
    assert kept.report.changes == []


def test_the_change_log_says_what_changed_and_keeps_what_it_said(corpus: Corpus, tmp_path: Path) -> None:
    kept = Kept(corpus, tmp_path)
    corpus.put("360102", 2024, 1)
    kept.revise()
    corpus.put("360103", 2024, 2)
    kept.revise()
    found = kept.ask(
        "SELECT DISTINCT built_at, row_count FROM meta.change_log WHERE table_name = 'document' AND change = 'added' ORDER BY 1"
    )
    assert [row["row_count"] for row in found] == [1, 1]
    whole = build_warehouse(corpus.inputs(tmp_path / "rows"), tmp_path / "whole.duckdb", previous=tmp_path / "1.duckdb")
    assert set(kept.report.changes) == set(whole.changes)


def test_a_report_that_was_scraped_again_is_told_to_have_moved(corpus: Corpus, tmp_path: Path) -> None:
    kept = Kept(corpus, tmp_path)
    rows = corpus.partitions["360102-2022"]
    other = {**rows["text.document"][0], "doc_id": "d-again", "sha256": "again"}
    moved = [
        {**row, "doc_id": "d-again", "observation_id": f"{row['observation_id']}x", "section_id": None,
         "raw_start": row["raw_start"] + 5, "raw_end": row["raw_end"] + 5}
        for row in rows["core.observation"]
    ]  # fmt: skip
    corpus.partitions["360102-2022"] = {"text.document": [other], "core.observation": moved}
    kept.revise()
    same(kept)
    assert {change.row_count for change in kept.report.changes if change.change == "moved"} == {len(moved)}


def test_ranks_of_other_regions_follow(corpus: Corpus, tmp_path: Path) -> None:
    kept = Kept(corpus, tmp_path)
    fact = {"indicator_id": "gdp", "measure": "level", "time_period": "2022"}
    best = f"SELECT region_code FROM mart.ranking WHERE {' AND '.join(f'{k} = {v!r}' for k, v in fact.items())} AND rank = 1"
    before = kept.ask(best)
    rows = corpus.partitions["360104-2023"]
    rows["core.observation"] = [
        observation(rows["text.document"][0], "gdp", "level", 5000, "2022"),
        *(
            row
            for row in rows["core.observation"]
            if (row["indicator_id"], row["measure"], row["time_period"]) != ("gdp", "level", "2022")
        ),
    ]
    kept.revise()
    assert {row["region_code"] for row in kept.ask(best)} == {"360104"} != {row["region_code"] for row in before}
    same(kept)


def test_corrections_are_made_again(corpus: Corpus, tmp_path: Path) -> None:
    target = corpus.partitions["360103-2022"]["core.observation"][0]
    correction = Correction(
        "lost-point", "scale", {"observation_id": target["observation_id"]}, {"value": target["value"]}, "lost",
        date(2025, 1, 1), factor=0.1,
    )  # fmt: skip
    kept = Kept(corpus, tmp_path, [correction])
    corpus.put("360103", 2024, 3)
    assert kept.revise().corrected == 1
    same(kept)
    corpus.put("360103", 2022, 99)
    with pytest.raises(CorrectionError, match="lost-point matches no observation"):
        kept.revise()


def test_keys_and_comments_stand_and_are_used(corpus: Corpus, tmp_path: Path) -> None:
    kept = Kept(corpus, tmp_path)
    facts = "SELECT schema_name, table_name, comment FROM duckdb_tables() ORDER BY ALL"
    keys = "SELECT schema_name, table_name FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY' ORDER BY ALL"
    before = kept.ask(facts), kept.ask(keys)
    corpus.put("360102", 2024, 8)
    kept.revise()
    assert (kept.ask(facts), kept.ask(keys)) == before
    (row,) = corpus.partitions["360102-2024"]["text.document"]
    assert len(kept.ask(f"FROM text.document WHERE doc_id = '{row['doc_id']}'")) == 1


def test_the_file_says_what_it_was_made_from(corpus: Corpus, tmp_path: Path) -> None:
    kept = Kept(corpus, tmp_path)
    first = read_basis(kept.path)
    corpus.put("360102", 2024, 8)
    kept.revise()
    assert first and read_basis(kept.path) == replace(first, partitions=corpus.hashes(), revisions=1)
    assert kept.report.how == "brought up to date: partitions changed: 1"


def test_rows_that_were_kept_out_are_exchanged_too(corpus: Corpus, tmp_path: Path) -> None:
    rows = corpus.partitions["360103-2022"]
    unknown = observation(rows["text.document"][0], "nonsense", "level", 1, "2021", at=700)
    rows["core.observation"].append(unknown)
    kept = Kept(corpus, tmp_path)
    corpus.put("360102", 2024, 8)
    corpus.partitions["360102-2024"]["core.observation"].append(
        {
            **unknown,
            "doc_id": corpus.partitions["360102-2024"]["text.document"][0]["doc_id"],
            "observation_id": "o-other",
        }
    )
    kept.revise()
    same(kept)
    assert len(kept.ask("FROM meta.reject")) == 2
    rows["core.observation"].remove(unknown)
    kept.revise()
    assert [row["row_key"] for row in kept.ask("FROM meta.reject")] == ["o-other"]


def test_a_key_that_another_document_has_is_refused(corpus: Corpus, tmp_path: Path) -> None:
    kept = Kept(corpus, tmp_path)
    corpus.put("360102", 2024, 8)
    taken = corpus.partitions["360103-2022"]["core.observation"][0]["observation_id"]
    corpus.partitions["360102-2024"]["core.observation"][0]["observation_id"] = taken
    with pytest.raises(CannotRevise, match="a key occurs twice"):
        kept.revise()


def test_a_document_that_was_kept_out_is_refused(corpus: Corpus, tmp_path: Path) -> None:
    kept = Kept(corpus, tmp_path)
    corpus.put("999999", 2024, 8)
    with pytest.raises(CannotRevise, match="may depend on other documents"):
        kept.revise()


def test_many_documents_are_refused(corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revision, "MANY", 3)
    kept = Kept(corpus, tmp_path)
    corpus.put("360102", 2024, 8)
    with pytest.raises(CannotRevise, match="4 documents of regions are concerned, 12 were there"):
        kept.revise()


def test_marts_read_what_is_given_to_them() -> None:
    """What marts read of documents is completed for the other documents of a region."""
    named = {
        found
        for path in FOLDER.glob("*.sql")
        for found in re.findall(r"\b(?:text|core)\.[a-z_]+", path.read_text("utf-8"))
    }
    completed = {*revision._READ_BY_MARTS, "core.observation_corrected"}
    assert named - completed == {"core.region", "core.indicator", "core.theme", "text.quarantine"}
