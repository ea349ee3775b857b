"""The orchestration: thin definitions for Dagster that call the library, and the command line that runs them.

Belongs here: what runs when, over which partitions, and what is told of it. Does not belong here: what becomes of a text (see
`govreports`).
"""
