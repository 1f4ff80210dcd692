"""The kinds of capital action: importing this package makes every kind and event known."""

from importlib import import_module
from pathlib import Path

for _path in sorted(Path(__file__).parent.glob("[!_]*.py")):
    import_module(f"{__name__}.{_path.stem}")
