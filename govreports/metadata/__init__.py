"""Declarations of the domain and their typed loaders.

Belongs here: what is data and not program: tables, indicators, units, code lists, themes, regions. Does not belong here: reading
texts or writing tables.
"""
