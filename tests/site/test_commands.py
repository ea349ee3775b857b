"""The command `site`."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from site_project import MadeSite

from govreports.cli import cli
from govreports.site import commands
from govreports.site.serve import SiteServer


@pytest.fixture
def made(tmp_path: Path) -> MadeSite:
    """A published warehouse without a site, and without a lake: its reports wait."""
    project = MadeSite(tmp_path)
    project.publish()
    return project


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["site", *arguments])
    return result.exit_code, result.output


def test_the_site_is_built_once(made: MadeSite) -> None:
    code, output = run("--warehouse", str(made.folder))
    assert code == 0
    assert "3 reports wait for the next publication" in output
    assert f"open {(made.site / 'index.html').as_uri()}" in output
    code, output = run("--warehouse", str(made.folder))
    assert (code, "stale" in output) == (0, False)


def test_serving_says_where_and_with_which_token(made: MadeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[SiteServer] = []

    def stop(server: SiteServer) -> None:
        served.append(server)
        raise KeyboardInterrupt

    monkeypatch.setattr(commands.SiteServer, "serve_forever", stop)
    code, output = run("--warehouse", str(made.folder), "--serve", "--port", "0")
    assert code == 0
    assert f"{served[0].address}/#token={served[0].token}" in output


def test_without_a_warehouse_the_way_out_is_told(tmp_path: Path) -> None:
    code, output = run("--warehouse", str(tmp_path / "none"))
    assert code == 1
    assert "run `govreports build` first" in output
