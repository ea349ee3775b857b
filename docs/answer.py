"""Write the answers of docs/questions.md anew: python docs/answer.py [WAREHOUSE_FILE]

Belongs here: running each query of the page and putting its result below it. Does not belong here: the questions.
"""

import re
import sys
from pathlib import Path

import duckdb

PAGE = Path(__file__).resolve().parent / "questions.md"
QUERY = re.compile(r"```sql\n(.*?)```\n(?:\n```text\n.*?```\n)?", re.DOTALL)


def answered(page: str, con: duckdb.DuckDBPyConnection) -> str:
    """The page with the result of each query below it."""
    return QUERY.sub(lambda found: f"```sql\n{found[1]}```\n\n```text\n{answer(con, found[1])}```\n", page)


def answer(con: duckdb.DuckDBPyConnection, query: str) -> str:
    """The result of a query as lines of values parted by bars."""
    done = con.execute(query)
    head = " | ".join(column[0] for column in done.description or [])
    rows = [" | ".join("" if value is None else str(value) for value in row).rstrip() for row in done.fetchall()]
    return "\n".join([head, *rows, *([] if rows else ["(none)"])]) + "\n"


if __name__ == "__main__":
    file = sys.argv[1] if len(sys.argv) > 1 else "warehouse/govreports.duckdb"
    with duckdb.connect(file, read_only=True) as connection:
        PAGE.write_text(answered(PAGE.read_text(encoding="utf-8"), connection), encoding="utf-8")
