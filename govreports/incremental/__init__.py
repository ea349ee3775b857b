"""Doing what changed, and only that: what is stale and why, and running a stage over stale partitions.

Belongs here: plans, the loop over partitions, its bookkeeping. Does not belong here: what a stage does with a text (its package),
and how outputs are stored (`govreports.lake`).
"""
