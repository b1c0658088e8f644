import ast
import builtins

from house.source import definitions, hold, modules
from lamina import errors

OURS = set(errors.__all__) - {"LaminaWarning"}
# These belong to Python's own protocols, and no user meets them for a mistake.
PROTOCOL = {"AttributeError", "KeyboardInterrupt", "NotImplementedError", "StopIteration"}
PYTHONS = {
    name for name, item in vars(builtins).items() if isinstance(item, type) and issubclass(item, BaseException)
} - PROTOCOL


def test_every_error_is_built_by_the_checks():
    violations = {}
    for module in modules():
        for name, function in definitions(module.tree):
            for node in ast.walk(function):
                if isinstance(node, ast.Raise) and raised_class(node) in OURS | PYTHONS:
                    violations[f"{module.name}::{name}"] = f"line {node.lineno} raises without checks.problem"

    hold("errors", violations)


def test_errors_give_a_fix_that_is_a_sentence():
    violations = {}
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("problem"):
                for keyword in node.keywords:
                    text = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
                    if isinstance(text, str) and not is_well_formed(keyword.arg, text):
                        violations[f"{module.name}:{node.lineno}"] = f"{keyword.arg}={text!r}"

    hold("error_form", violations)


def raised_class(node: ast.Raise) -> str:
    """Return the name of what is raised: ``ValueError`` for ``raise ValueError(...)``."""
    return ast.unparse(node.exc.func if isinstance(node.exc, ast.Call) else node.exc) if node.exc else ""


def is_well_formed(part: str | None, text: str) -> bool:
    """A fix starts small and ends as a sentence; `expected` and `got` stand inside one."""
    if part == "fix":
        return text[:1] == text[:1].lower() and text.endswith((".", "?", "!", ")"))
    return not text.endswith(".")
