"""What Dagster is told: partitions, assets, checks, resources, and what runs by itself.

Belongs here: definitions, one module each. Does not belong here: the command line, and work on texts or tables.
"""
