"""Write docs/reference: a page for each folder of the library, an entry for each public name.

The source is parsed and never imported, so that every version of Python and JAX writes the same pages.
"""

from __future__ import annotations

import ast
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "src" / "lamina"
PAGES = ROOT / "docs" / "reference"
LONGEST_LINE = 100

Definition = ast.FunctionDef | ast.ClassDef

TREES = {path: ast.parse(path.read_text()) for path in sorted(LIBRARY.rglob("*.py"))}
CLASSES = {node.name: node for tree in TREES.values() for node in tree.body if isinstance(node, ast.ClassDef)}


def main() -> None:
    """Write the pages; with ``--check`` only say which are out of date, and fail if any is."""
    pages = dict(written_pages())
    outdated = [
        name for name, text in pages.items() if not (PAGES / name).exists() or (PAGES / name).read_text() != text
    ]
    orphaned = [path for path in PAGES.glob("*.md") if path.name not in pages]
    if "--check" in sys.argv:
        stale = outdated + [path.name for path in orphaned]
        sys.exit(f"docs/reference is out of date: {', '.join(stale)}.\n  Fix: scripts/docs" if stale else 0)
    PAGES.mkdir(exist_ok=True)
    for path in orphaned:
        path.unlink()
    for name in outdated:
        (PAGES / name).write_text(pages[name])
    print(f"docs/reference: {len(pages)} pages, {len(outdated)} written, {len(orphaned)} removed")


def written_pages() -> Iterator[tuple[str, str]]:
    """Yield the file name and the text of each page, and of the index."""
    front = exported(ast.parse((LIBRARY / "__init__.pyi").read_text()))
    folders = [name for name in front if (LIBRARY / name).is_dir() or (LIBRARY / f"{name}.py").exists()]
    rows = []
    for folder in folders:
        files = sorted((LIBRARY / folder).glob("*.py")) or [LIBRARY / f"{folder}.py"]
        text = ast.get_docstring(TREES[files[0]]) or ""
        yield f"{folder}.md", "\n\n".join([f"# lamina.{folder}", text, *entries(files)]) + "\n"
        rows.append(f"| [`lamina.{folder}`]({folder}.md) | {text.partition(chr(10))[0]} |")
    others = ", ".join(f"`lamina.{name}`" for name in front if name not in folders)
    note = "Written from the docstrings by `scripts/docs`; change those, not these pages."
    table = "\n".join(["| folder | what is in it |", "|---|---|", *rows])
    yield "README.md", "\n\n".join(["# Reference", note, table, f"At the front door: {others}."]) + "\n"


def public_names() -> set[str]:
    """Return the names that some folder exports, each of which has an entry."""
    return {name for path, tree in TREES.items() if path.name == "__init__.py" for name in exported(tree)}


def exported(tree: ast.Module) -> list[str]:
    """Return the names in ``__all__`` where it is a plain list."""
    for node in tree.body:
        if (
            isinstance(node, ast.Assign)
            and ast.unparse(node.targets[0]) == "__all__"
            and isinstance(node.value, ast.List)
        ):
            return list(ast.literal_eval(node.value))
    return []


def entries(files: list[Path]) -> list[str]:
    """Return the entries of a folder: modules, classes and functions; then one line with all other names."""
    modules = {file.stem: file for file in files}
    # A folder that joins the lists of its files exports what those list.
    names = exported(TREES[files[0]]) or sorted({name for file in files for name in exported(TREES[file])})
    nodes = {node.name: node for file in files for node in TREES[file].body if isinstance(node, Definition)}
    parts: list[str] = []
    others: list[str] = []
    for name in names:
        if name in modules and name != files[0].stem:
            parts += module_entries(name, TREES[modules[name]])
        elif name in nodes:
            parts.append(entry(nodes[name]))
        else:
            others.append(f"`{name}`")
    return [*parts, f"**Also here:** {', '.join(others)}"] if others else parts


def module_entries(name: str, tree: ast.Module) -> Iterator[str]:
    """Yield the entry of a public file and of what it defines."""
    yield f"## {name}\n\n{ast.get_docstring(tree)}"
    for node in tree.body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield entry(node, f"{name}.")


def entry(node: Definition, prefix: str = "") -> str:
    """Return heading, signature and docstring of a class or function, and of the methods a class brings new."""
    parts = [f"## {prefix}{node.name}", signature(node, prefix), *described(node)]
    for method in new_methods(node) if isinstance(node, ast.ClassDef) else []:
        parts += [f"### {node.name}.{method.name}", signature(method, f"{node.name}."), *described(method)]
    return "\n\n".join(parts)


def new_methods(node: ast.ClassDef) -> list[ast.FunctionDef]:
    """Return the public methods that a class brings, those of parents without an entry of their own included."""
    above = list(ancestors(node))
    listed = {item.name for base in above if base.name in PUBLIC for item in methods(base)}
    found: dict[str, ast.FunctionDef] = {}
    for part in [node, *(base for base in above if base.name not in PUBLIC)]:
        for item in methods(part):
            if item.name not in listed and not is_setter(item):
                found.setdefault(item.name, item)
    return list(found.values())


def is_setter(node: ast.FunctionDef) -> bool:
    """Tell the setter of a property from the property."""
    return any(ast.unparse(item).endswith(".setter") for item in node.decorator_list)


def methods(node: ast.ClassDef) -> list[ast.FunctionDef]:
    """Return the public methods written in a class."""
    return [item for item in node.body if isinstance(item, ast.FunctionDef) and not item.name.startswith("_")]


def ancestors(node: ast.ClassDef) -> Iterator[ast.ClassDef]:
    """Yield the library's classes above a class."""
    for base in parents(node):
        yield base
        yield from ancestors(base)


def parents(node: ast.ClassDef) -> list[ast.ClassDef]:
    """Return the parents that are classes of the library, the nearest last."""
    return [CLASSES[base] for base in map(ast.unparse, reversed(node.bases)) if base in CLASSES]


def signature(node: Definition, prefix: str) -> str:
    """Return how something is called, as a block of Python."""
    if isinstance(node, ast.ClassDef):
        arguments, result = fields(node), ""
    else:
        arguments = [item for item in split_arguments(node.args) if item not in ("self", "cls")]
        result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
        if any("property" in ast.unparse(item) for item in node.decorator_list):
            return f"```python\n{prefix}{node.name}{result.replace(' ->', ':')}\n```"
    line = f"{prefix}{node.name}({', '.join(arguments)}){result}"
    if len(line) > LONGEST_LINE:
        line = f"{prefix}{node.name}(\n" + "".join(f"    {item},\n" for item in arguments) + f"){result}"
    return f"```python\n{line}\n```"


def split_arguments(arguments: ast.arguments) -> list[str]:
    """Return the arguments of a function, each with its type and default."""
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(positional) - len(arguments.defaults)) + arguments.defaults
    parts = [written(item, default) for item, default in zip(positional, defaults, strict=True)]
    if arguments.vararg or arguments.kwonlyargs:
        parts.append(f"*{ast.unparse(arguments.vararg) if arguments.vararg else ''}")
    parts += [written(item, default) for item, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
    return [*parts, f"**{ast.unparse(arguments.kwarg)}"] if arguments.kwarg else parts


def written(argument: ast.arg, default: ast.expr | None) -> str:
    """Return one argument with its type and default."""
    return ast.unparse(argument) + (f" = {ast.unparse(default)}" if default else "")


def fields(node: ast.ClassDef) -> list[str]:
    """Return the arguments of a class: those of its `__init__`, or its fields, inherited ones first."""
    found = all_fields(node)
    by_position = [text for text, by_keyword in found.values() if not by_keyword]
    by_keyword = [text for text, by_keyword in found.values() if by_keyword]
    return [*by_position, "*", *by_keyword] if by_keyword else by_position


def all_fields(node: ast.ClassDef) -> dict[str, tuple[str, bool]]:
    """Return each argument by its name: how it is written, and whether it goes by keyword only."""
    found: dict[str, tuple[str, bool]] = {}
    for base in parents(node):
        found |= all_fields(base)
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and item.name == "__init__":
            return {text: (text, False) for text in split_arguments(item.args)[1:]}
        if isinstance(item, ast.AnnAssign) and "ClassVar" not in ast.unparse(item.annotation):
            name, default = ast.unparse(item.target), item.value
            options = {option.arg: option.value for option in default.keywords} if isinstance(default, ast.Call) else {}
            if "field(" in ast.unparse(item):
                default = options.get("default")
            text = f"{name}: {ast.unparse(item.annotation)}" + (f" = {ast.unparse(default)}" if default else "")
            found[name] = (text, "kw_only" in options)
    return {name: value for name, value in found.items() if not name.startswith("_")}


def described(node: Definition) -> list[str]:
    """Return a docstring as Markdown: its text as it stands, arguments as a list, examples as Python."""
    text, *sections = re.split(r"^([A-Z][a-z]+):\n", ast.get_docstring(node) or "", flags=re.MULTILINE)
    parts = [text.strip()]
    for title, body in zip(sections[::2], sections[1::2], strict=True):
        plain = textwrap.dedent(body).strip()
        if title == "Example":
            plain = f"```python\n{plain}\n```"
        elif title in ("Args", "Attributes", "Raises"):
            plain = re.sub(r"^(\*{0,2}[\w, ]+):", r"- `\1`:", plain, flags=re.MULTILINE)
        parts.append(f"**{title}**\n\n{plain}")
    return parts


PUBLIC = public_names()


if __name__ == "__main__":
    main()
