import ast
import re

import pytest

from house.source import (
    Definition,
    constructor_parameters,
    hold,
    is_abstract,
    is_configuration,
    methods,
    modules,
    parameters,
    public,
)

LONGEST_SUMMARY = 80
SECTIONS = ("Args", "Attributes", "Shape", "Returns", "Yields", "Raises", "Example", "Reference", "Note")
# First words that end like the third person and are none.
NOT_THIRD_PERSON = {
    "Address",
    "Bias",
    "Cross",
    "Express",
    "Focus",
    "Pass",
    "Press",
    "Process",
    "Compress",
    "Discuss",
    "Guess",
}


def documented():
    """Yield what is public, and the public methods of public classes."""
    for name, node in public():
        yield name, node
        if isinstance(node, ast.ClassDef):
            yield from ((f"{name}.{own}", method) for own, method in methods(node))


def test_every_file_says_what_it_is_for():
    hold(
        "module_docstrings", {module.name: "no docstring" for module in modules() if not ast.get_docstring(module.tree)}
    )


def test_first_lines_are_short_sentences():
    violations = {}
    for name, node in documented():
        summary = (ast.get_docstring(node) or "").partition("\n")[0]
        if not summary.endswith((".", "?")) or len(summary) > LONGEST_SUMMARY:
            violations[name] = f"expected a sentence of at most {LONGEST_SUMMARY} characters, got {summary!r}"

    hold("summaries", violations)


def test_functions_are_told_what_to_do():
    violations = {}
    for name, node in documented():
        first = (ast.get_docstring(node) or "None").split()[0]
        if isinstance(node, ast.FunctionDef) and not is_no_command(node) and not is_imperative(first):
            violations[name] = f"starts with {first!r}, write the imperative: 'Return', 'Draw'"

    hold("imperatives", violations)


def test_every_argument_is_explained():
    violations = {}
    for name, node in public():
        missing = set(arguments_of(node)) - explained(docstring(node))
        if missing:
            violations[name] = f"not under Args: {', '.join(sorted(missing))}"

    hold("arguments_explained", violations)


def test_what_raises_says_so():
    silent = [name for name, node in public() if raises(node) and "Raises:" not in docstring(node)]

    hold("raises", {name: "raises, and its docstring has no Raises" for name in silent})


def test_classes_that_users_construct_show_an_example():
    classes = [(name, node) for name, node in public() if isinstance(node, ast.ClassDef)]
    shown = [(name, node) for name, node in classes if is_configuration(node) and not is_abstract(node)]

    hold("examples", {name: "no Example with >>>" for name, node in shown if ">>>" not in docstring(node)})


def test_sections_are_those_of_the_house_in_their_order():
    violations = {}
    for name, node in documented():
        found = re.findall(r"^([A-Z][a-z]+):$", docstring(node), re.MULTILINE)
        if found != [section for section in SECTIONS if section in found]:
            violations[name] = f"expected the sections {', '.join(SECTIONS)} in this order, got {', '.join(found)}"

    hold("sections", violations)


@pytest.mark.parametrize(("word", "imperative"), [("Return", True), ("Returns", False), ("The", False), ("Pass", True)])
def test_an_imperative_is_recognised(word, imperative):
    assert is_imperative(word) is imperative


def docstring(node: Definition) -> str:
    return ast.get_docstring(node) or ""


def explained(text: str) -> set[str]:
    """Return the names a docstring explains, one or several to a line: ``y_true, y_pred: ...``."""
    return {word for names in re.findall(r"^\s+(\w+(?:, \w+)*):", text, re.MULTILINE) for word in names.split(", ")}


def arguments_of(node: Definition) -> list[str]:
    return constructor_parameters(node) if isinstance(node, ast.ClassDef) else parameters(node)


def is_imperative(word: str) -> bool:
    return word not in ("A", "An", "The", "This") and (not word.endswith("s") or word in NOT_THIRD_PERSON)


def is_no_command(node: ast.FunctionDef) -> bool:
    """Return whether a function is a thing (a property) or an event (``on_epoch_end``)."""
    return node.name.startswith("on_") or any("property" in ast.unparse(item) for item in node.decorator_list)


def raises(node: Definition) -> bool:
    """Return whether a function raises by itself, or a class checks its fields."""
    if isinstance(node, ast.ClassDef):
        return any(name == "check" for name, _ in methods(node)) and not is_abstract(node)
    raised = [item.exc for item in ast.walk(node) if isinstance(item, ast.Raise) and item.exc]
    return any("NotImplementedError" not in ast.unparse(item) for item in raised)
