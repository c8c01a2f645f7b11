"""Public names of a package whose modules are imported only when one of their names is first used.

All of bpost uses this module; it is in the typesetting package because that imports nothing else of bpost.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def lazy_names(package: str, modules: Mapping[str, str], *, root: str = "") -> Callable[[str], object]:
    """Return the function `__getattr__` (PEP 562) of a package, which imports the module of a public name at its first use.

    Args:
        package: Name of the package.
        modules: Maps each module to its public names, separated by spaces.
        root: Package that the names of the modules are relative to; "" means `package`.
    """

    def find(name: str) -> object:
        module = next((module for module, names in modules.items() if name in names.split()), None)
        if module is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value: object = getattr(import_module(f"{root or package}.{module}"), name)
        setattr(sys.modules[package], name, value)  # from now on an attribute: Python doesn't call `__getattr__` for it again
        return value

    return find
