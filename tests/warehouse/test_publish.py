"""Publication: the swap, who may publish, what stays when something fails, and readers through it all."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from synthetic_warehouse import document, inputs, observation

from govreports.locks import exclusive
from govreports.metadata.tables import SCHEMA_VERSION
from govreports.warehouse import export as export_module
from govreports.warehouse import finishing as finishing_module
from govreports.warehouse import publish as publish_module
from govreports.warehouse.build import build_warehouse
from govreports.warehouse.checks import CheckResult
from govreports.warehouse.connection import WarehouseError
from govreports.warehouse.publish import PublicationBlocked, publish, published_path

DOC = document("d1")
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def made(tmp_path: Path, value: float = 100, **changes):
    rows = [observation(DOC, "gdp", "level", value, "2023"), observation(DOC, "gdp", "growth_yoy", 5, "2023", at=40)]
    return inputs(tmp_path / "in", [{**DOC, **changes}], rows)


def gdp(path: Path) -> float:
    with duckdb.connect(path, read_only=True) as con:
        return con.execute("SELECT gdp FROM mart.region_year").fetchall()[0][0] / 1e8


def test_the_published_file_is_read_only_and_complete(tmp_path: Path) -> None:
    report = publish(made(tmp_path), tmp_path / "wh")
    assert report.path == published_path(tmp_path / "wh")
    assert stat.S_IMODE(report.path.stat().st_mode) == 0o444
    assert gdp(report.path) == 100
    assert [p.name for p in (tmp_path / "wh" / "builds").iterdir() if not p.name.endswith(".duckdb")] == []


def test_the_same_inputs_give_the_same_content_hash(tmp_path: Path) -> None:
    hashes = {publish(made(tmp_path), tmp_path / f"wh{i}", run_id=f"run-{i}").content_hash for i in range(2)}
    assert len(hashes) == 1
    assert publish(made(tmp_path, 101), tmp_path / "wh0").content_hash not in hashes


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(4)))
def test_the_order_of_the_input_rows_does_not_count(tmp_path: Path, order: list[int]) -> None:
    values = [observation(DOC, "gdp", "level", 100 + i, str(2020 + i), at=10 + 20 * i) for i in range(4)]
    hashes = set()
    for listed in (values, [values[i] for i in order]):
        (tmp_path / "x.duckdb").unlink(missing_ok=True)
        hashes.add(build_warehouse(inputs(tmp_path, [DOC], listed), tmp_path / "x.duckdb").content_hash)
    assert len(hashes) == 1


def test_times_and_numbers_of_runs_do_not_count(tmp_path: Path) -> None:
    from datetime import datetime

    from synthetic_warehouse import filled

    def with_seen_at(year: int):
        row = filled("text.quarantine", source_file="x", reason_code="empty", reason="e", seen_at=datetime(year, 1, 1))
        return inputs(tmp_path / str(year), [DOC], [], text__quarantine=[row])

    hashes = {build_warehouse(with_seen_at(y), tmp_path / f"{y}.duckdb").content_hash for y in (2020, 2021)}
    assert len(hashes) == 1


def test_the_last_three_builds_are_kept_and_changes_are_logged(tmp_path: Path) -> None:
    reports = [publish(made(tmp_path, 100 + i), tmp_path / "wh") for i in range(4)]
    kept = sorted((tmp_path / "wh" / "builds").glob("*.duckdb"))
    assert [gdp(path) for path in kept] == [101, 102, 103]
    with duckdb.connect(reports[-1].path, read_only=True) as con:
        log = con.execute(
            "SELECT old_value, new_value FROM meta.change_log WHERE table_name = 'region_year_long' "
            "AND change = 'changed' AND column_name = 'obs_value' ORDER BY built_at"
        ).fetchall()
    # One line for each of the three later builds: the log is carried on.
    assert log == [(f"{100 + i}00000000.0", f"{101 + i}00000000.0") for i in range(3)]


def test_a_failed_check_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(made(tmp_path), tmp_path / "wh")
    bad = CheckResult(
        "x", "mart.y", passed=False, blocking=True, description="is well", failing=1, examples=[{"k": "v"}]
    )
    monkeypatch.setattr(finishing_module, "check_all", lambda con, headlines: [bad])
    with pytest.raises(PublicationBlocked, match="is well: 1 rows fail"):
        publish(made(tmp_path, 200), tmp_path / "wh")
    assert gdp(published_path(tmp_path / "wh")) == 100
    assert list((tmp_path / "wh" / "builds").glob(".next-*")) == []


def test_an_exception_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(made(tmp_path), tmp_path / "wh")

    def full(*_: object, **__: object) -> None:
        raise duckdb.IOException("IO Error: Could not write file: No space left on device")

    monkeypatch.setattr(finishing_module, "dictionary_rows", full)
    with pytest.raises(WarehouseError, match="free some space"):
        publish(made(tmp_path, 200), tmp_path / "wh")
    assert gdp(published_path(tmp_path / "wh")) == 100


_PUBLISH_200 = """
import resource, sys
from pathlib import Path
from test_publish import made, publish
from govreports.warehouse.connection import WarehouseError
folder, limit = Path(sys.argv[1]), int(sys.argv[2])
rows = made(folder, 200)
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    publish(rows, folder / "wh")
except WarehouseError as error:
    print(error)
"""


def publish_200(folder: Path, limit: int = 0) -> str:
    """Publish another value in a process of its own, whose files may have so many bytes; what it complains of."""
    paths = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[1]), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", _PUBLISH_200, str(folder), str(limit)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# Where the writing stops: at the first small table, at the beginning of the file, later on in it.
@pytest.mark.parametrize("limit", [100, 100_000, 3_000_000])
def test_a_file_that_cannot_be_written_to_its_end_leaves_the_old_one(tmp_path: Path, limit: int) -> None:
    publish(made(tmp_path), tmp_path / "wh")
    assert "could not be built" in publish_200(tmp_path, limit)
    assert gdp(published_path(tmp_path / "wh")) == 100
    assert len(list((tmp_path / "wh" / "builds").iterdir())) == 1
    assert publish_200(tmp_path) == ""
    assert gdp(published_path(tmp_path / "wh")) == 200


@pytest.mark.skipif(not ROOT or sys.platform != "linux", reason="mounts a small file system")
def test_a_full_disk_leaves_the_old_file_and_says_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)], capture_output=True)
    if mount.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        publish(made(folder), folder / "wh")
        (folder / "ballast").write_bytes(b"x" * (_free(folder) - 5_000_000))
        assert "free some space and build again" in publish_200(folder)
        assert gdp(published_path(folder / "wh")) == 100
        assert len(list((folder / "wh" / "builds").iterdir())) == 1
        (folder / "ballast").unlink()
        assert publish_200(folder) == ""
        assert gdp(published_path(folder / "wh")) == 200
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _free(folder: Path) -> int:
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def test_parquet_that_cannot_be_written_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(made(tmp_path), tmp_path / "wh")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export_module, "_package", full)
    with pytest.raises(WarehouseError, match="free some space"):
        publish(made(tmp_path, 200), tmp_path / "wh")
    assert gdp(published_path(tmp_path / "wh")) == 100
    assert len(list((tmp_path / "wh" / "builds").iterdir())) == 1
    assert [path.name for path in (tmp_path / "wh" / "exports").iterdir()] == ["parquet"]


@pytest.mark.parametrize("call", ["replace", "link"])
def test_a_swap_that_fails_leaves_the_old_file_and_nothing_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    publish(made(tmp_path), tmp_path / "wh")
    prepared = publish_module.prepare(made(tmp_path, 200), tmp_path / "wh")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    if call == "replace":
        monkeypatch.setattr(Path, "replace", fail)
    else:
        monkeypatch.setattr(publish_module.os, "link", fail)
        monkeypatch.setattr(publish_module.shutil, "copyfile", fail)
    with pytest.raises(WarehouseError, match="the old file stands: No space left"):
        publish_module.swap_in(prepared, tmp_path / "wh")
    monkeypatch.undo()
    assert gdp(published_path(tmp_path / "wh")) == 100
    assert [path.suffix for path in (tmp_path / "wh" / "builds").iterdir()] == [".duckdb"]
    assert list((tmp_path / "wh").glob(".govreports*")) == []


def test_a_stale_write_ahead_log_is_removed(tmp_path: Path) -> None:
    report = publish(made(tmp_path), tmp_path / "wh")
    wal = report.path.with_name(report.path.name + ".wal")
    wal.write_bytes(b"left by a tool that opened the old file read-write")
    wal.unlink()
    wal.write_bytes(b"")
    assert gdp(publish(made(tmp_path, 200), tmp_path / "wh").path) == 200
    assert not wal.exists()


def test_a_newer_schema_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finishing_module, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
    publish(made(tmp_path), tmp_path / "wh")
    monkeypatch.undo()
    with pytest.raises(WarehouseError, match=f"schema version {SCHEMA_VERSION + 1}.*use the newer package"):
        publish(made(tmp_path, 200), tmp_path / "wh")
    assert gdp(published_path(tmp_path / "wh")) == 100


def test_a_broken_published_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "wh").mkdir()
    published_path(tmp_path / "wh").write_bytes(b"no database")
    assert gdp(publish(made(tmp_path), tmp_path / "wh").path) == 100


def test_one_publisher_at_a_time(tmp_path: Path) -> None:
    with (
        exclusive(tmp_path / "wh" / ".publish.lock", wait=False),
        pytest.raises(WarehouseError, match="another publication is under way"),
    ):
        publish(made(tmp_path), tmp_path / "wh", wait=False)


@pytest.mark.skipif(ROOT, reason="root may write anywhere")
def test_an_unwritable_warehouse_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "wh"
    folder.mkdir(mode=0o555)
    with pytest.raises(WarehouseError, match="cannot be written"):
        publish(made(tmp_path), folder)


def test_a_file_in_the_place_of_the_warehouse_is_named(tmp_path: Path) -> None:
    (tmp_path / "wh").write_text("not a folder")
    with pytest.raises(WarehouseError, match="wh"):
        publish(made(tmp_path), tmp_path / "wh")


def test_leftovers_of_killed_builds_are_swept(tmp_path: Path) -> None:
    builds, exports = tmp_path / "wh" / "builds", tmp_path / "wh" / "exports"
    builds.mkdir(parents=True)
    (builds / ".next-999999999.duckdb").write_bytes(b"half")
    (exports / ".next-999999999").mkdir(parents=True)
    publish(made(tmp_path), tmp_path / "wh")
    assert [*builds.glob(".next-*"), *exports.glob(".next-*")] == []


# Holds one connection through everything, and opens a new one again and again: what each says of its build must fit together.
_HOLDER = """
import duckdb, pathlib, sys, time
path, stop = sys.argv[1:]
held = duckdb.connect(path, read_only=True)
first = held.execute("select gdp, content_hash from mart.region_year, meta.build").fetchall()
print("ready", flush=True)
while not pathlib.Path(stop).exists():
    assert held.execute("select gdp, content_hash from mart.region_year, meta.build").fetchall() == first
    time.sleep(0.05)
held.close()
print(first[0][0] / 1e8)
"""
_NEWCOMER = """
import duckdb, pathlib, sys, time
path, stop = sys.argv[1:]
seen = []
print("ready", flush=True)
last = False
while not last:
    last = pathlib.Path(stop).exists()
    with duckdb.connect(path, read_only=True) as con:
        ask = lambda query: con.execute(query).fetchall()[0]
        gdp, stated = ask("select gdp, obs_value from mart.region_year, core.observation where measure = 'level'")
        tables = ask("select count(*) from duckdb_tables() where comment is not null")
        described = ask("select count(*) from meta.table_stats where table_name <> 'observation_corrected'")
    assert gdp == stated and tables == described, (gdp, stated, tables, described)
    if [gdp] != seen[-1:]:
        seen.append(gdp)
    time.sleep(0.05)
assert seen == sorted(seen), seen
print(seen[-1] / 1e8)
"""


def test_readers_never_fail_through_ten_publications(tmp_path: Path) -> None:
    path = publish(made(tmp_path), tmp_path / "wh").path
    stop = tmp_path / "stop"
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(path), str(stop)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for script in (_HOLDER, _NEWCOMER)
    ]
    for reader in readers:
        assert reader.stdout and reader.stdout.readline() == "ready\n"
    for value in range(101, 111):
        publish(made(tmp_path, value), tmp_path / "wh")
    stop.touch()
    said = [reader.communicate(timeout=60) for reader in readers]
    assert [(reader.returncode, err) for reader, (_, err) in zip(readers, said, strict=True)] == [(0, ""), (0, "")]
    # The one that held the file open still read the first build at the end; the other one reads the newest.
    assert [float(out) for out, _ in said] == [100, 110]


def test_the_swap_falls_back_to_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError("no hard links here")

    monkeypatch.setattr(publish_module.os, "link", no_links)
    report = publish(made(tmp_path), tmp_path / "wh")
    assert gdp(report.path) == 100 and stat.S_IMODE(report.path.stat().st_mode) == 0o444


@pytest.mark.slow
@pytest.mark.parametrize("version", ["1.2.2", "1.3.2"])
def test_older_drivers_open_the_file_and_read_every_table(tmp_path: Path, labelled_file: Path, version: str) -> None:
    venv = tmp_path / "old"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    python = venv / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", f"duckdb=={version}"], check=True)
    script = (
        "import duckdb,sys; con=duckdb.connect(sys.argv[1],read_only=True); "
        "rows=con.execute('select schema_name,table_name,comment from duckdb_tables() union all '"
        "'select schema_name,view_name,comment from duckdb_views() where not internal').fetchall(); "
        "read=[len(con.execute(f'select * from {s}.{t}').fetchall()) for s,t,_ in rows]; "
        "print(duckdb.__version__,len(rows),sum(read),all(c for *_,c in rows))"
    )
    done = subprocess.run([python, "-c", script, str(labelled_file)], check=True, capture_output=True, text=True)
    found, tables, rows, commented = done.stdout.split()
    assert (found, commented) == (version, "True") and int(tables) > 25 and int(rows) > 1000
