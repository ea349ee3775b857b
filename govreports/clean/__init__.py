"""Cleaning: raw text of a page → text of the report, with the way back.

Belongs here: named fixers, zones, the character model, duplicates, explanation. Does not belong here: reading files and
identity (`govreports.intake`), the outline (`govreports.sections`).
"""
