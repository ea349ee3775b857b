"""Reading values: what a report states, attached to declared indicators, with its evidence.

Belongs here: the stage from cleaned text and outline to rows of core.observation and core.quantity. Does not belong here: the
catalogue of indicators and units (`govreports.metadata`), finding sections and tables (`govreports.sections`).
"""
