"""Where files lie: a folder, or a bucket behind fsspec.

Belongs here: reading, writing and listing by name, publication to readers elsewhere. Does not belong here: what is in the files,
and what counts (see `govreports.lake`).
"""
