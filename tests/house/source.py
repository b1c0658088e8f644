"""The library's source as data: what the house tests read, and how an exception to a rule is granted."""

from __future__ import annotations

import ast
import functools
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "src" / "lamina"
ALLOWED = tomllib.loads((Path(__file__).parent / "allowed.toml").read_text())

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef


@dataclass(frozen=True)
class Module:
    """One file of the library."""

    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        """The path inside the library: ``layers/_dense.py``."""
        return self.path.relative_to(LIBRARY).as_posix()

    @property
    def folder(self) -> str:
        """The folder inside the library: ``layers``, or nothing for the front door."""
        return self.path.relative_to(LIBRARY).parent.as_posix().strip(".")


@functools.cache
def modules() -> list[Module]:
    """Return every Python file of the library, read once."""
    return [Module(path, ast.parse(path.read_text())) for path in sorted(LIBRARY.rglob("*.py"))]


def hold(rule: str, violations: dict[str, str]) -> None:
    """Fail for each violation that is not allowed, and for each allowed one that is no longer needed."""
    allowed = ALLOWED.get(rule, {})
    broken = [f"{place}: {what}" for place, what in violations.items() if place not in allowed]
    stale = [
        f"{place}: remove it from allowed.toml, it keeps the rule now" for place in allowed if place not in violations
    ]
    assert not broken + stale, f"\n{rule}:\n  " + "\n  ".join(broken + stale)


def definitions(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, Definition]]:
    """Yield every class and function in `node`, however deep, as ``("Dense.call", node)``."""
    for child in ast.iter_child_nodes(node):
        inner = prefix
        if isinstance(child, Definition):
            yield f"{prefix}{child.name}", child
            inner = f"{prefix}{child.name}."
        yield from definitions(child, inner)


def exported(tree: ast.Module) -> list[str] | None:
    """Return the names in ``__all__``, or None where it is not written as a plain list."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]:
            return ast.literal_eval(node.value) if isinstance(node.value, ast.List) else None
    return None


@functools.cache
def front_door() -> list[str]:
    """Return the names that ``import lamina`` offers."""
    return exported(ast.parse((LIBRARY / "__init__.pyi").read_text())) or []


def public() -> Iterator[tuple[str, Definition]]:
    """Yield what the front door leads to, as ``("layers.Dense", node)``: exported, or in a file without underscore."""
    packages = {module.folder: exported(module.tree) or [] for module in modules() if module.path.stem == "__init__"}
    for module in modules():
        if (module.folder or module.path.stem) not in front_door():
            continue
        is_open = not module.path.stem.startswith("_")
        for node in module.tree.body:
            if isinstance(node, Definition) and (
                node.name in packages[module.folder] or (is_open and not node.name.startswith("_"))
            ):
                stem = [module.path.stem] if is_open else []
                yield ".".join([*filter(None, [module.folder]), *stem, node.name]), node


def methods(node: ast.ClassDef) -> Iterator[tuple[str, Function]]:
    """Yield the public methods written in a class."""
    for item in node.body:
        if isinstance(item, Function) and not item.name.startswith("_"):
            yield item.name, item


def parameters(function: Function) -> list[str]:
    """Return the names of the arguments, without `self` and `cls`."""
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return [item.arg for item in named if item.arg not in ("self", "cls")]


def constructor_parameters(node: ast.ClassDef) -> list[str]:
    """Return what a class adds to its constructor: its own fields and those of private parents, or `__init__`'s."""
    names = []
    for parent in node.bases:
        base = _classes().get(ast.unparse(parent))
        if base is not None and base.name.startswith("_"):
            names += constructor_parameters(base)
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and item.name == "__init__":
            return parameters(item)
        if isinstance(item, ast.AnnAssign) and "ClassVar" not in ast.unparse(item.annotation):
            names.append(ast.unparse(item.target))
    return [name for name in names if not name.startswith("_")]


def is_configuration(node: ast.ClassDef) -> bool:
    """Return whether users construct a class: it descends from Config, or stands at the front door."""
    parents = [_classes()[name] for name in map(ast.unparse, node.bases) if name in _classes()]
    return node.name in ("Config", *front_door()) or any(is_configuration(parent) for parent in parents)


def is_abstract(node: Definition) -> bool:
    """Return whether a class is an interface: one of its methods is left to the subclasses."""
    return "raise NotImplementedError" in ast.unparse(node)


@functools.cache
def _classes() -> dict[str, ast.ClassDef]:
    nodes = (node for module in modules() for _, node in definitions(module.tree))
    return {node.name: node for node in nodes if isinstance(node, ast.ClassDef)}
