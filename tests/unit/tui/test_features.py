"""Construction of the app and its screen's features: in order of need, with few parameters, without knowing each other."""

from __future__ import annotations

import ast
from collections.abc import Mapping

import pytest

from bpost_tui.core.keys.actions import ACTIONS
from tools.code_structure import PACKAGE, ROOT, ModuleInfo

SCREEN = f"{PACKAGE}.tui"
FIRST, WHOLE, KEYED = f"{SCREEN}.first_features", f"{SCREEN}.features", f"{SCREEN}.keyed_features"
TOGETHER = {FIRST, WHOLE, KEYED, f"{SCREEN}.commands", f"{SCREEN}.screen"}
"""Modules that put the features together."""
SHARED = {
    "ListController": "all features share one list",
    "StoryController": "all features share one story",
    "NewsAge": "a shown list and an ended refresh give the same message",
    "PictureItems": "a story's page holds its pictures, and showing them sets the page again",
}
"""Classes that other features may know → reason. From all others, features receive a method or an event."""
MOST_PARAMETERS = 8


@pytest.fixture(scope="module")
def modules() -> Mapping[str, ModuleInfo]:
    found = [ModuleInfo(path, ROOT) for path in sorted((ROOT / SCREEN.replace(".", "/")).rglob("*.py"))]
    return {module.name: module for module in found}


@pytest.fixture(scope="module")
def features(modules: Mapping[str, ModuleInfo]) -> tuple[ast.ClassDef, ...]:
    """Return the classes with the features of the first frame, with those made after it, and with those only for keys."""
    return _class(modules[FIRST], "FirstFeatures"), _class(modules[WHOLE], "Features"), _class(modules[KEYED], "KeyedFeatures")


def _class(module: ModuleInfo, name: str) -> ast.ClassDef:
    return next(node for node in module.tree.body if isinstance(node, ast.ClassDef) and node.name == name)


def _method(owner: ast.ClassDef, name: str) -> ast.FunctionDef | None:
    return next((node for node in owner.body if isinstance(node, ast.FunctionDef) and node.name == name), None)


def test_features_are_made_after_their_dependencies(features: tuple[ast.ClassDef, ...]) -> None:
    methods = {node.name for each in features for node in each.body if isinstance(node, ast.FunctionDef)}
    made: set[str] = set()
    for constructor in (_method(each, "__init__") for each in features):
        assert constructor is not None
        for statement in constructor.body:
            nodes = [node for node in ast.walk(statement) if isinstance(node, ast.Attribute)]
            own = [node for node in nodes if ast.unparse(node.value) in ("self", "made")]
            needed = {node.attr for node in own if isinstance(node.ctx, ast.Load)} - methods
            assert needed <= made, f"line {statement.lineno}: {sorted(needed - made)} made later"
            made |= {node.attr for node in own if isinstance(node.ctx, ast.Store)}
    assert len(made) > 30


def test_constructors_of_app_and_features_have_no_closures(
    features: tuple[ast.ClassDef, ...], modules: Mapping[str, ModuleInfo]
) -> None:
    first, whole, keyed = features
    app = _class(modules[f"{SCREEN}.bpost_app"], "BPostApp")
    constructors = [_method(each, "__init__") for each in (first, whole, keyed, app)]
    for method in (*constructors, _method(whole, "_connect")):
        assert method is not None
        assert not [node for node in ast.walk(method) if isinstance(node, ast.Lambda)]
        assert not [node for each in method.body for node in ast.walk(each) if isinstance(node, ast.FunctionDef)]


def test_constructors_of_the_screen_have_few_parameters(modules: Mapping[str, ModuleInfo]) -> None:
    counts = {}
    for name, module in modules.items():
        for owner in (node for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)):
            if (constructor := _method(owner, "__init__")) is not None:
                arguments = constructor.args
                counts[f"{name}.{owner.name}"] = len([*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]) - 1
    assert len(counts) > 40
    assert {name: count for name, count in counts.items() if count > MOST_PARAMETERS} == {}


def test_every_action_has_a_method(modules: Mapping[str, ModuleInfo]) -> None:
    commands = next(node for node in modules[f"{SCREEN}.commands"].tree.body if getattr(node, "name", "") == "_commands")
    does = _method(_class(modules[f"{SCREEN}.bpost_app"], "BPostApp"), "action_handlers")
    assert does is not None
    maps = [node for each in (commands, does) for node in ast.walk(each) if isinstance(node, ast.Dict)]
    assert {key.value for each in maps for key in each.keys if isinstance(key, ast.Constant)} == {each.id for each in ACTIONS}


def test_features_do_not_know_each_other(modules: Mapping[str, ModuleInfo]) -> None:
    made: set[str] = set()
    for whole in (modules[FIRST], modules[WHOLE], modules[KEYED]):
        calls = {each.func.id for each in ast.walk(whole.tree) if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)}
        made |= {full for name, full in whole.names.items() if name in calls and full.startswith(f"{SCREEN}.")}
    assert len(made) > 30
    for name, module in modules.items():
        if not name.startswith(SCREEN):
            continue
        foreign = {each for each in made.intersection(module.names.values()) if each.rpartition(".")[0] != name}
        assert name in TOGETHER or {each.rpartition(".")[2] for each in foreign} <= SHARED.keys(), name
