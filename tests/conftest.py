"""What all tests share."""

import sys
from pathlib import Path

import pytest
import standins


@pytest.fixture(scope="session")
def labelled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse file built as if the golden labels had been read from the five reports."""
    from labelled_warehouse import labelled_inputs

    from govreports.warehouse.build import build_warehouse

    folder: Path = tmp_path_factory.mktemp("labels")
    report = build_warehouse(labelled_inputs(folder / "in"), folder / "labels.duckdb")
    assert report.blocking == []
    return report.path


@pytest.fixture
def stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stages that find what a file's name and first words say."""
    for name, module in standins.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr("govreports.warehouse.dimensions.region_rows", standins.region_rows)
