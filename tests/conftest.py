"""What all tests share. By lying here this file also lets them import the helpers beside it (`synthetic_warehouse`)."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def labelled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse file built as if the golden labels had been read from the five reports."""
    from labelled_warehouse import labelled_inputs

    from govreports.warehouse.build import build_warehouse

    folder: Path = tmp_path_factory.mktemp("labels")
    report = build_warehouse(labelled_inputs(folder / "in"), folder / "labels.duckdb")
    assert report.blocking == []
    return report.path
