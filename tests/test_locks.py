"""Locks: exclusive, named, and gone with their process."""

import subprocess
import sys
from pathlib import Path

import pytest

from govreports.locks import Busy, exclusive


def test_a_held_lock_names_its_holder(tmp_path: Path) -> None:
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom govreports.locks import exclusive\n"
        "with exclusive(Path(sys.argv[1]), wait=False):\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    path = tmp_path / "folder" / ".lock"
    holder = subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None and holder.stdout.readline().strip() == "held"
        with pytest.raises(Busy, match=f"process {holder.pid}"), exclusive(path, wait=False):
            pass
    finally:
        holder.kill()
        holder.wait()
    with exclusive(path, wait=False):
        assert path.read_text().strip()


def test_a_lock_is_free_after_an_exception(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    with pytest.raises(ZeroDivisionError), exclusive(path, wait=False):
        _ = 1 // 0
    with exclusive(path, wait=False):
        pass
