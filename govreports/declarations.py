"""Reading YAML declarations.

Belongs here: parsing YAML quickly, since every worker process reads the declarations anew. Does not belong here: what a
declaration means (the typed loaders beside the files).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

# The parser in C, where PyYAML was built with it, is some ten times as fast; both read the same language.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """The content of a YAML file in UTF-8. Raises `yaml.YAMLError` and `OSError`."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
