"""`python -m ndojo.faces.cli` is `ndojo`."""

import sys

from ndojo.faces.cli import main

sys.exit(main())
