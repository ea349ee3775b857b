"""Chinese local government reports as comparable data.

Belongs here: the library. Does not belong here: orchestration, which lives in `assets/`: nothing below this package
imports dagster.
"""

__version__ = "0.1.0"
