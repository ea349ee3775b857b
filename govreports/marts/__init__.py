"""The comparison marts: one .sql file each, readable by an analyst.

Belongs here: the SQL, and turning it into statements that DuckDB runs. Does not belong here: tables to write into, checks,
publication (see `govreports.warehouse`).
"""
