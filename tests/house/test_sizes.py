import ast

from house.source import LIBRARY, ROOT, Function, definitions, hold, methods, modules, parameters, public

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
MOST_ARGUMENTS = 7
MOST_BY_POSITION = 4


def test_no_file_is_longer_than_a_few_screens():
    files = [
        path for folder in ("src", "tests", "examples", "benchmarks", "docs") for path in (ROOT / folder).rglob("*.py")
    ]
    lines = {path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines()) for path in files}

    hold("file_lines", {path: f"{count} lines" for path, count in lines.items() if count > LONGEST_FILE})


def test_no_function_is_longer_than_a_screen():
    lines = {name: lines_of(function) for name, function in all_functions().items()}

    hold("function_lines", {name: f"{count} lines" for name, count in lines.items() if count > LONGEST_FUNCTION})


def test_no_function_takes_more_arguments_than_one_remembers():
    counts = {name: len(parameters(function)) for name, function in all_functions().items()}

    hold("arguments", {name: f"{count} arguments" for name, count in counts.items() if count > MOST_ARGUMENTS})


def test_public_functions_take_few_arguments_by_position():
    counts = {}
    for name, node in public():
        functions = (
            [(name, node)] if isinstance(node, Function) else [(f"{name}.{own}", item) for own, item in methods(node)]
        )
        for label, function in functions:
            by_keyword = len(function.args.kwonlyargs)
            counts[label] = len(parameters(function)) - by_keyword

    hold("by_position", {name: f"{count} by position" for name, count in counts.items() if count > MOST_BY_POSITION})


def test_folders_are_one_deep():
    folders = [path.relative_to(LIBRARY) for path in LIBRARY.rglob("*") if path.is_dir() and path.name != "__pycache__"]

    hold("folders", {folder.as_posix(): "a folder in a folder" for folder in folders if len(folder.parts) > 1})


def all_functions() -> dict[str, Function]:
    return {
        f"{module.name}::{name}": node
        for module in modules()
        for name, node in definitions(module.tree)
        if isinstance(node, Function)
    }


def lines_of(function: Function) -> int:
    """Count from the signature to the end, without the docstring: explaining at length is no fault."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    signature = function.body[0].lineno - function.lineno
    return signature + (body[-1].end_lineno - body[0].lineno + 1 if body else 0)
