"""Every claim about speed and size, one after the other: `make bench`, an hour and a half on two cores."""

import subprocess
import sys

CLAIMS = ("reading", "ingest", "prefect", "rerun", "memory", "duplicates", "small_files", "reliability")


def main() -> int:
    """Runs each benchmark in a process of its own; gives 1 when one of them failed."""
    codes = []
    for claim in CLAIMS:
        print(f"\n== benchmarks.{claim}", flush=True)
        codes.append(subprocess.run([sys.executable, "-m", f"benchmarks.{claim}"], check=False).returncode)
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main())
