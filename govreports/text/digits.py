"""Numbers that a scan or a page has damaged: letters for digits, years with a blank inside.

Belongs here: finding them, for intake and cleaning alike. Does not belong here: what only cleaning mends (see
`govreports.clean.numbers`, `govreports.clean.blanks`).
"""

import re

_LETTER = re.compile(
    r"[OolI](?:(?<=\d.)(?=[\d.%])|(?<=\d\..)(?=[\d%亿万个元])|(?<![A-Za-z\d.+-].)(?=\.\d+[%亿万])|(?<=\d[Oo])(?=[万亿个%年月]|\.\d))"
)
_LETTERS = str.maketrans("OolI", "0011")
_YEAR_BLANK = re.compile(r"[12](?<![\d.,].) ?(?:(?<=1)9|(?<=1 )9|(?<=2)0|(?<=2 )0) ?\d ?\d(?= ?年)")


def letters_in_numbers(text: str) -> list[tuple[int, int, str]]:
    """Letters O, o, l and I in place of digits: (start, end, digit), ascending."""
    return [(*match.span(), match[0].translate(_LETTERS)) for match in _LETTER.finditer(text)]


def split_years(text: str) -> list[tuple[int, int, str]]:
    """Years with a blank inside (2 016年): (start, end, year), ascending."""
    if " " not in text:
        return []
    return [(*match.span(), match[0].replace(" ", "")) for match in _YEAR_BLANK.finditer(text) if " " in match[0]]
