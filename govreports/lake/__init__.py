"""The lake: what each stage made of each partition, as Parquet files with a ledger.

Belongs here: atomic put, get and list of stage outputs, what counts, compaction by year. Does not belong here: what a stage does
with a text, what is stale (`govreports.incremental`), and the warehouse that is built from the lake.
"""
