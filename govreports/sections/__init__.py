"""Sections: cleaned text → outline, roles, tables, glossary, self-checks.

Belongs here: pure functions over one cleaned document. Does not belong here: cleaning, reading values, storing.
"""
