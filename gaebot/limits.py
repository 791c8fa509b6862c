"""How much gaebot reads before it refuses. Repository content is hostile: every limit is here.

Each is far above what real App Engine apps hold; what lies beyond is reported, never read.
"""

MAX_FILE_BYTES = 5_000_000
"""A larger Python or YAML file is reported and left alone."""

MAX_YAML_BYTES = 1_000_000
"""A larger YAML file is reported and left alone."""

MAX_PAGE_BYTES = 500_000
"""A larger file is not looked at as a page template: it is data, of which nothing is to be said."""

MAX_TAG_BYTES = 2_000
"""A longer tag or variable of a page template counts as none."""

MAX_YAML_DEPTH = 50
"""Collections nested deeper than this make a YAML file unreadable for us."""

MAX_YAML_NODES = 50_000
"""A YAML file with more nodes than this is reported and left alone."""

MAX_JOURNAL_BYTES = 50_000_000
"""A larger plan in the journal of an interrupted write is none of gaebot's, and reported."""

MAX_FILES = 100_000
"""The walk below one path stops here and says so."""

MAX_FOLDER_DEPTH = 60
"""Folders nested deeper than this are not walked."""

MAX_FRAGMENT_BYTES = 100_000
"""A statement longer than this is not given to LibCST."""

MAX_FRAGMENT_NESTING = 100
"""A statement with more open brackets at once than this is not given to LibCST, which recurses."""

MAX_PYTHON_NESTING = 98
"""Brackets that CPython 2.7 compiles within each other; with one more it gives up (s_push: parser
stack overflow). A Python file that opens more in a row is reported."""

MAX_TREE_DEPTH = 300
"""A Python file whose expressions and blocks are nested deeper than this is reported and not read."""

MAX_COMMENT_COST = 100_000_000
"""Where the lines of comments in a row, multiplied with their bytes, come to this or more, the parser is not
given those in the middle. They are known to be comments all the same."""

MAX_IGNORE_BYTES = 10_000
"""A longer comment that is to silence findings silences none, and is reported."""

MAX_FIX_PASSES = 10
"""Fixes are repeated until nothing changes; after this many passes the rules that still want
something are named."""

PATTERN_SECONDS = 0.2
"""Time that one regular expression taken from an app may use before it counts as no match."""

PATTERN_TOTAL_SECONDS = 10.0
"""Time that one such expression may use in all."""

MAX_PATTERN_LENGTH = 10_000
"""A longer regular expression (in characters) taken from an app counts as no match."""

MAX_PATTERN_COPIES = 100_000
"""So does one whose repeats (`{n}`), multiplied with each other, ask for more copies than this."""
