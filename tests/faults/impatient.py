"""`python -m …` serves like `bin/run`, and starts what was killed again at once, however often."""

import sys

from rapport.project.command.__main__ import main
from rapport.project.supervisor import child

if __name__ == "__main__":
    child.LONGEST_PAUSE = 0.2
    sys.argv[1:] = [*sys.argv[1:3], "serve", *sys.argv[3:]]
    sys.exit(main())
