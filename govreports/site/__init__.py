"""The explorer: a static site over the published file, from a comparison to the sentence behind each number.

Belongs here: what the pages show and the data that they load. Does not belong here: what the values are (see
`govreports.marts`), or when the site is built (see `assets.defs.site`).
"""
