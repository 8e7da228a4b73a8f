"""Run the benchmarks beside this file: `python -m tests.bench [NAME[=SIZES] …]` (`make bench`).

What a benchmark measured is kept as JSON in the folder that `--keep` names.
"""

import argparse
import importlib
import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

# Needs npm and a registry; takes minutes: `make bench-nation`.
ON_DEMAND = frozenset({"nation"})


def main() -> None:
    """Run the benchmarks of these names (`bench_NAME.py`), or all; some take other sizes."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("names", nargs="*", metavar="NAME[=SIZES]")
    parser.add_argument("--keep", type=Path, default=Path("var/bench"), metavar="FOLDER")
    options = parser.parse_args()
    found = {path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py")}
    wanted = dict(name.partition("=")[::2] for name in options.names)
    for name in sorted(wanted or found - ON_DEMAND):
        print(f"== {name}", flush=True)
        sizes = wanted.get(name)
        run = importlib.import_module(f"tests.bench.bench_{name}").run
        figures = run(*([sizes] if sizes else []))
        if figures:
            _keep(options.keep, name, figures)


def _keep(folder: Path, name: str, figures: dict[str, object]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    machine = {"cores": os.cpu_count(), "python": platform.python_version()}
    kept = {"bench": name, "at": datetime.now(UTC).isoformat(timespec="seconds"), **machine}
    text = json.dumps(kept | figures, ensure_ascii=False, indent=2)
    (folder / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
