"""How well the values are read, measured on golden labels.

Belongs here: labels, scorer, pinned floors. Does not belong here: rules that read values (`govreports.indicators`).
"""
