import ast

from house.source import LIBRARY, Module, exported, hold, modules

EXPLAINING = "from lamina._core.missing import missing"
"""The one import that a folder does not pass on: what explains the names that it does not have."""


def test_every_folder_lists_its_names_in_order():
    violations = {}
    for module in packages():
        names = exported(module.tree)
        if names is None:
            violations[module.name] = "expected __all__ as a plain list"
        elif names != sorted(names):
            violations[module.name] = f"__all__ is not sorted: {names}"

    hold("sorted_exports", violations)


def test_every_folder_exports_exactly_what_it_imports():
    violations = {}
    for module in packages():
        difference = set(exported(module.tree) or []) ^ set(imported(module.tree))
        if difference:
            violations[module.name] = f"in __all__ or imported, but not both: {', '.join(sorted(difference))}"

    hold("exports", violations)


def test_folders_hold_only_imports():
    violations = {}
    for module in packages():
        extra = [
            node for node in module.tree.body[1:] if not isinstance(node, (ast.Import, ast.ImportFrom, ast.Assign))
        ]
        if extra:
            violations[module.name] = f"line {extra[0].lineno} is neither an import nor __all__"

    hold("only_imports", violations)


def test_the_front_door_exports_what_it_declares():
    tree = ast.parse((LIBRARY / "__init__.pyi").read_text())

    names = exported(tree)

    assert names == sorted(imported(tree))


def packages() -> list[Module]:
    """Return the file of each public folder; the front door is declared in its stub."""
    files = [module for module in modules() if module.path.stem == "__init__"]
    return [module for module in files if module.folder and not module.folder.startswith("_")]


def imported(tree: ast.Module) -> list[str]:
    """Return the names that a folder's imports bind; a star binds itself."""
    imports = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    imports = [node for node in imports if ast.unparse(node) != EXPLAINING]
    return [alias.asname or alias.name for node in imports for alias in node.names]
