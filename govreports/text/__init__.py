"""What several stages need to know about text: offset maps, identifiers, character classes, conversion.

Belongs here: pure primitives without a notion of reports. Does not belong here: rules of one stage.
"""
