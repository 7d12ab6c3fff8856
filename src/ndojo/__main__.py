"""`python -m ndojo`: the command, where its script is not on the PATH."""

import sys

from ndojo.cli import main

sys.exit(main())
