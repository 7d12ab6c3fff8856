"""Run `python -m ndojo`: the same as the command `ndojo`, even if its script is not on the PATH."""

import sys

from ndojo.cli import main

sys.exit(main())
