"""Run the benchmarks beside this file: `python -m tests.bench [NAME[=SIZES] …]` (`make bench`)."""

import importlib
import sys
from pathlib import Path


def main(names: list[str]) -> None:
    """Run the benchmarks of these names (`bench_NAME.py`), or all; some take other sizes."""
    wanted = dict(name.partition("=")[::2] for name in names)
    found = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    for module in found:
        name = module.removeprefix("bench_")
        if not wanted or name in wanted:
            print(f"== {name}", flush=True)
            sizes = wanted.get(name)
            importlib.import_module(f"tests.bench.{module}").run(*([sizes] if sizes else []))


if __name__ == "__main__":
    main(sys.argv[1:])
