"""Run every benchmark beside this file: `python -m tests.bench [NAME …]` (or `make bench`)."""

import importlib
import sys
from pathlib import Path


def main(names: list[str]) -> None:
    """Run the benchmarks of these names (`bench_NAME.py`), or all."""
    found = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    for module in found:
        if not names or module.removeprefix("bench_") in names:
            print(f"== {module.removeprefix('bench_')}", flush=True)
            importlib.import_module(f"tests.bench.{module}").run()


if __name__ == "__main__":
    main(sys.argv[1:])
