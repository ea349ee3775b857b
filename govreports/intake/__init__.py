"""Intake: files as they came → documents with an identity, or refusals with a reason.

Belongs here: reading bytes, what a document is, of where, of which year, how complete it is. Does not belong here: changing
the text (`govreports.clean`), what the document says (`govreports.sections`, `govreports.indicators`).
"""
