"""Settings of cleaning.

Belongs here: thresholds that a rule compares with, frozen so that a plan is reproducible. Does not belong here: word lists
(`site_words.yaml`), the rules themselves.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class CleaningConfig:
    """Thresholds of the fixers. Characters are code points; shares lie between 0 and 1."""

    # A text line of this length with a sentence sign is prose, never navigation.
    prose_length: int = 30
    # A document with fewer line ends than one in so many characters has lost its lines.
    characters_per_line_end: int = 2000
    # Least share of Han characters that would change for a text to count as traditional.
    traditional_share: float = 0.02
    # Least log10 probability by which a reading of damaged bytes must beat the text as it stands; a reading that also leads the
    # second best one by as much is held for sure.
    damage_margin: float = 3.0
    # Least lead over the second best reading; below it nothing is repaired.
    damage_lead: float = 0.2
    # The same for a whole character that nothing but its neighbours tells.
    guess_lead: float = 1.5
    # Texts with more suspects than this lost their characters to a charset that does not hold them: marked, not read.
    most_damaged_spans: int = 100
    # Least share of equal lines for a second half of a text to count as a copy of the first.
    copy_share: float = 0.6
    # Least Jaccard similarity of 5-gram sketches for two documents of one partition to be duplicates.
    duplicate_similarity: float = 0.6
    # Fixers left out, by name.
    without: frozenset[str] = frozenset()


DEFAULT_CONFIG = CleaningConfig()
