"""docs/sections.md names every self-check, kind and module."""

import re
from pathlib import Path

from govreports.metadata.code_lists import load_code_lists
from govreports.sections import checks

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "sections.md").read_text(encoding="utf-8")


def test_every_check_is_explained() -> None:
    ids = set(re.findall(r'Finding\("(\w+)"', Path(checks.__file__).read_text(encoding="utf-8")))
    assert len(ids) >= 8
    for check_id in ids:
        assert re.search(rf"^\| [^|]*\b{check_id}\b", PAGE, flags=re.M), check_id
        assert re.search(rf"^{check_id} ", checks.__doc__ or "", flags=re.M), check_id


def test_every_module_has_its_step() -> None:
    modules = {path.stem for path in (ROOT / "govreports" / "sections").glob("*.py")} - {"__init__", "stage", "words"}
    assert {name for name in modules if f"`{name}`" not in PAGE} == set()


def test_every_kind_is_explained() -> None:
    table = PAGE[PAGE.index("## Rows") : PAGE.index("## Self-checks")]
    for kind in (code.code for code in load_code_lists()["section_kind"]):
        assert re.search(rf"^\| [^|]*\b{kind}\b", table, flags=re.M), kind
