"""The published DuckDB file: built from the lake, checked, and swapped in whole.

Belongs here: DDL from the declarations, loading, corrections, checks, content hash, dictionary, change log, publication, exports.
Does not belong here: the SQL of the marts (`govreports.marts`), and what the rows mean (`govreports.metadata`).
"""
