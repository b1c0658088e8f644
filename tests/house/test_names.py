import re

from house.source import Definition, Module, definitions, exported, hold, modules

SAY_NOTHING = {"base", "common", "core", "helper", "helpers", "misc", "shared", "tools", "util", "utils"}
# fmt: off
SHORTENED = {
    "act", "arr", "attr", "avg", "buf", "calc", "cfg", "cnt", "conf", "ctx", "cur", "desc", "dir", "elem",
    "err", "fmt", "fn", "func", "idx", "img", "impl", "inp", "iter", "len", "lr", "mgr", "mom", "msg", "num",
    "obj", "opt", "pos", "prev", "proc", "ptr", "reg", "ret", "src", "tmp", "val", "var", "vec", "wd",
}
# fmt: on


def test_file_names_say_something():
    violations = {
        module.name: "says nothing about what is inside"
        for module in modules()
        if module.path.stem.strip("_") in SAY_NOTHING or module.folder.strip("_") in SAY_NOTHING - {"core"}
    }

    hold("empty_names", violations)


def test_a_file_with_one_public_thing_bears_its_name():
    violations = {}
    for module in modules():
        names = exports_of(module)
        if len(names) == 1 and module.path.stem.startswith("_") and not is_called_like(module.path.stem, names[0]):
            violations[module.name] = f"holds {names[0]}, and is not called so"

    hold("file_names", violations)


def test_names_are_written_in_whole_words():
    violations = {}
    for module in modules():
        for name, node in definitions(module.tree):
            words = {word.lower() for word in re.split(r"_|(?<=[a-z])(?=[A-Z])", node.name)}
            short = words & SHORTENED
            if short and not node.name.startswith("__"):  # Python's own names are not ours to write out
                violations[f"{module.name}::{name}"] = f"write out {', '.join(sorted(short))}"

    hold("short_names", violations)


def exports_of(module: Module) -> list[str]:
    """Return the classes and functions that a file gives to its folder; a family of several may choose its name."""
    package = next(item for item in modules() if item.path == module.path.parent / "__init__.py")
    names = exported(package.tree) or []
    return [node.name for node in module.tree.body if isinstance(node, Definition) and node.name in names]


def is_called_like(stem: str, name: str) -> bool:
    """Hold for `_dense.py` with Dense, and for `_conv.py` with Conv2D."""
    return stem.replace("_", "") in name.lower().replace("_", "")
