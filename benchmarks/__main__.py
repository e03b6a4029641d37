"""`python -m benchmarks [NAME] [OPTIONS]`: without a name, the ranking of sentences against stock sumy."""

import sys
from importlib import import_module

NAMED = ("stories", "ingest", "commands", "delivery")  # modules of this package with main(arguments)

if len(sys.argv) > 1 and sys.argv[1] in NAMED:
    import_module(f"benchmarks.{sys.argv[1]}").main(sys.argv[2:])
else:
    from benchmarks.analysis import main

    main()
