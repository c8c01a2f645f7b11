"""Figures about the structure of the code: classes, modules, file names, import circles. For development only.

    python -m tools.code_structure [classes] [modules] [packages] [names] [circles]

The sources are parsed, never imported. `tests/unit/test_code_structure.py` checks the figures by the project's rules, and
`tests/unit/test_documents.py` uses this module to look up names in documents.
"""

from __future__ import annotations

import ast
import signal
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

PACKAGE = "bpost_tui"
ROOT = Path(__file__).parent.parent

_MOST_HOPS = 8
"""Maximum number of modules that re-export a name between its use and its definition."""


class ClassInfo(NamedTuple):
    """Class of the package, as its source declares it."""

    name: str
    """Full name with the module: `bpost_tui.store.library.Library`."""
    bases: tuple[str, ...]
    """Base classes, with their modules if the imports name them."""
    members: frozenset[str]
    """Names that the class defines itself: methods, class attributes, attributes set on `self`, inner classes."""


class ModuleInfo:
    """Parsed module of the package."""

    def __init__(self, path: Path, root: Path) -> None:
        parts = path.relative_to(root).with_suffix("").parts
        source = path.read_text(encoding="utf-8")
        self.is_package = parts[-1] == "__init__"
        self.name = ".".join(parts[:-1] if self.is_package else parts)
        self.lines = len(source.splitlines())
        self.tree = ast.parse(source)

    @property
    def is_empty(self) -> bool:
        """Whether this is an `__init__` that holds no code, only a docstring at most."""
        return self.is_package and len(self.tree.body) <= 1

    @cached_property
    def definitions(self) -> frozenset[str]:
        """Names that the module binds at its top level."""
        return frozenset(name for node in self.tree.body for name in _bound_names(node))

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Maps names in this module to the full names of their values: definitions, and imports (also within functions)."""
        names: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom):
                names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
            elif isinstance(node, ast.Import):
                names |= dict(map(_imported_name, node.names))
        return names | {name: f"{self.name}.{name}" for name in self.definitions}

    def classes(self) -> Iterator[ClassInfo]:
        """Yield all classes, also inner classes and classes in functions."""
        yield from self._classes_in(self.tree, self.name)

    def _classes_in(self, node: ast.AST, prefix: str) -> Iterator[ClassInfo]:
        for child in ast.iter_child_nodes(node):
            inner = prefix
            if isinstance(child, ast.ClassDef):
                inner = f"{prefix}.{child.name}"
                yield ClassInfo(inner, tuple(map(self._full_name, child.bases)), _members(child))
            yield from self._classes_in(child, inner)

    def _full_name(self, base: ast.expr) -> str:
        """Return the full name of a base class; `Screen[None]` is Textual's `Screen`."""
        name = ast.unparse(base.value if isinstance(base, ast.Subscript) else base)
        first, dot, rest = name.partition(".")
        return self.names.get(first, first) + dot + rest


class Structure:
    """All modules of the package, and figures about them."""

    def __init__(self, root: Path = ROOT) -> None:
        found = [ModuleInfo(path, root) for path in sorted((root / PACKAGE).rglob("*.py"))]
        self.modules = {module.name: module for module in found}

    @property
    def written(self) -> Sequence[ModuleInfo]:
        """Modules with code."""
        return [module for module in self.modules.values() if not module.is_empty]

    @property
    def median_lines(self) -> float:
        """Median length of the modules in lines."""
        return statistics.median(module.lines for module in self.written)

    @cached_property
    def classes(self) -> Mapping[str, ClassInfo]:
        """Classes of the package by full name. Their bases have the full names of their definitions."""
        found = [each for module in self.modules.values() for each in module.classes()]
        return {each.name: each._replace(bases=tuple(map(self._definition, each.bases))) for each in found}

    @property
    def derived(self) -> Mapping[str, tuple[str, ...]]:
        """Maps each class that derives from other classes of the package to these classes."""
        ours = {name: tuple(base for base in each.bases if base in self.classes) for name, each in self.classes.items()}
        return {name: bases for name, bases in ours.items() if bases}

    @property
    def repeated_names(self) -> Mapping[tuple[str, str], Sequence[str]]:
        """Maps each (top-level package, file name) that occurs more than once to its modules. `__init__` is exempt."""
        found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for name, module in self.modules.items():
            parts = name.split(".")
            if not module.is_package and len(parts) > 2:
                found[parts[1], parts[-1]].append(name)
        return {key: names for key, names in found.items() if len(names) > 1}

    @property
    def repeated_types(self) -> Mapping[str, Sequence[str]]:
        """Maps names of public classes and type aliases that several modules define to these modules. Nested classes count."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for module in self.modules.values():
            classes = [node.name for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)]
            for name in {*classes, *filter(_is_type_name, module.definitions)}:
                if not name.startswith("_"):
                    found[name].append(module.name)
        return {name: modules for name, modules in found.items() if len(modules) > 1}

    @cached_property
    def imports(self) -> Mapping[str, frozenset[str]]:
        """Maps each module to the modules of the package that it imports, also within functions and only for types."""
        return {name: frozenset(filter(None, map(self._module_of, _imports(module.tree)))) for name, module in self.modules.items()}

    @property
    def circles(self) -> Sequence[tuple[str, ...]]:
        """Groups of modules that import each other, directly or through others."""
        reached = {name: self._reached_from(name) for name in self.modules}
        circles = {tuple(sorted(other for other in reached[name] if name in reached[other])) for name in self.modules}
        return sorted(filter(None, circles))

    def exists(self, name: str) -> bool:
        """Whether a full name is a module, or a definition in a module or a class."""
        if name in self.modules:
            return True
        owner, _, attribute = name.rpartition(".")
        if owner in self.modules:
            return attribute in self.modules[owner].definitions
        of_class = self.classes.get(owner)
        return of_class is not None and (
            attribute in of_class.members
            or any(self.exists(f"{base}.{attribute}") for base in of_class.bases if base in self.classes)
        )

    def _reached_from(self, name: str) -> frozenset[str]:
        seen: set[str] = set()
        ahead = [name]
        while ahead:
            new = self.imports[ahead.pop()] - seen
            seen |= new
            ahead += new
        return frozenset(seen)

    def _module_of(self, imported: str) -> str | None:
        """Return the module of the package that an imported name is or belongs to; None if it is of another package."""
        if imported in self.modules:
            return imported
        module = imported.rpartition(".")[0]
        return module if module in self.modules else None

    def _definition(self, name: str) -> str:
        """Return the full name of the definition of `name`, which an `__init__` may only re-export."""
        for _ in range(_MOST_HOPS):
            module, _, attribute = name.rpartition(".")
            if module not in self.modules or attribute in self.modules[module].definitions:
                break
            name = self.modules[module].names.get(attribute, name)
        return name


def _imported_name(alias: ast.alias) -> tuple[str, str]:
    """Return the local name that `import a.b` or `import a.b as c` binds, and the full name of its value."""
    first = alias.name.partition(".")[0]
    return (alias.asname, alias.name) if alias.asname else (first, first)


def _imports(tree: ast.AST) -> Iterator[str]:
    """Yield the full names of everything that a module imports: at its top, within functions, or only for types."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _members(node: ast.ClassDef) -> frozenset[str]:
    methods = [child for child in node.body if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)]
    in_body = (name for child in node.body for name in _bound_names(child))
    on_self = (name for method in methods for name in _set_on_self(method))
    return frozenset((*in_body, *on_self)) - {"__slots__"}


def _bound_names(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement binds, also in the branches of an `if`."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from (name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case ast.If(body=body, orelse=others):
            yield from (name for child in (*body, *others) for name in _bound_names(child))
        case _:
            pass


def _set_on_self(method: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    if method.args.args:
        self_name = method.args.args[0].arg
        for node in ast.walk(method):
            match node:
                case ast.Attribute(value=ast.Name(id=owner), attr=name, ctx=ast.Store()) if owner == self_name:
                    yield name


# ── printing ────────────────────────────────────────────────────────────────


def _class_lines(structure: Structure) -> Iterator[str]:
    classes = sorted(structure.classes.values(), key=lambda each: (-len(each.members), each.name))
    yield f"{len(classes)} classes, {len(structure.derived)} of which derive from another of ours; members, name, bases:"
    yield from (f"{len(each.members):5}  {_short(each.name)}({', '.join(map(_short, each.bases))})" for each in classes)


def _module_lines(structure: Structure) -> Iterator[str]:
    modules = sorted(structure.written, key=lambda module: (-module.lines, module.name))
    total = sum(module.lines for module in modules)
    yield f"{len(modules)} modules, {total} lines; the longest has {modules[0].lines}, the median is {structure.median_lines:g}:"
    yield from (f"{module.lines:5}  {_short(module.name)}" for module in modules)


def _package_lines(structure: Structure) -> Iterator[str]:
    lines: defaultdict[str, list[int]] = defaultdict(list)
    for module in structure.written:
        package = module.name if module.is_package else module.name.rpartition(".")[0]
        lines[package].append(module.lines)
    yield f"{len(lines)} packages; modules, lines, name:"
    yield from (f"{len(each):5} {sum(each):6}  {_short(name)}" for name, each in sorted(lines.items()))


def _name_lines(structure: Structure) -> Iterator[str]:
    yield f"{len(structure.repeated_names)} file names that occur more than once in a top-level package"
    yield from (f"       {', '.join(map(_short, names))}" for names in structure.repeated_names.values())


def _circle_lines(structure: Structure) -> Iterator[str]:
    yield f"{len(structure.circles)} import circles"
    yield from (f"       {', '.join(map(_short, circle))}" for circle in structure.circles)


def _is_type_name(name: str) -> bool:
    """Whether a name at a module's top level is spelt like a public class or type alias."""
    return name[:1].isupper() and not name.isupper()


def _short(name: str) -> str:
    return name.removeprefix(f"{PACKAGE}.")


PARTS: Mapping[str, Callable[[Structure], Iterator[str]]] = {
    "classes": _class_lines,
    "modules": _module_lines,
    "packages": _package_lines,
    "names": _name_lines,
    "circles": _circle_lines,
}


def main(parts: Sequence[str]) -> int:
    """Print the figures called `parts`, or all if it is empty; return the exit status."""
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        print(f"unknown: {', '.join(unknown)}; choose from {', '.join(PARTS)}", file=sys.stderr)
        return 2
    structure = Structure()
    for part in parts or PARTS:
        print(*PARTS[part](structure), "", sep="\n")
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` is no error
    sys.exit(main(sys.argv[1:]))
