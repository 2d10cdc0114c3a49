"""`python -m bench [NAME...] [--times N]`: every measurement, or those that are named."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys

from bench import pace, scale, start
from bench.measure import ROOT

BENCHES = {"start": start.run, "scale": scale.run, "pace": pace.run}
FOLDER = ROOT / "build" / "bench"


def main() -> int:
    """Measure; the exit code tells whether every goal was met."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}; default: all")
    parser.add_argument("--times", type=int, default=5, help="turns of each measurement")
    chosen = parser.parse_args()
    unknown = set(chosen.names) - BENCHES.keys()
    if unknown:
        parser.error(f"no measurement {', '.join(sorted(unknown))}")
    load = os.getloadavg()[0]
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, load {load:.1f} before")
    if load > 1:
        print("the machine is busy: ratios stand, times do not")
    met = True
    for name in chosen.names or BENCHES:
        folder = FOLDER / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for result in BENCHES[name](folder, chosen.times):
            print(result, flush=True)
            met = met and result.value <= result.goal
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
