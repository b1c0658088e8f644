from house.source import LIBRARY, ROOT, definitions, hold, modules

TESTS = ROOT / "tests"
BESIDE_THE_MIRROR = {"benchmarks", "contracts", "examples", "house", "oracles", "regression", "workflows"}


def test_every_file_that_defines_something_has_its_tests():
    sources = [module.name for module in modules() if any(definitions(module.tree))]

    hold(
        "untested_files",
        {name: "expected " + mirror_of(name) for name in sources if not (TESTS / mirror_of(name)).exists()},
    )


def test_every_test_file_has_its_source():
    mirrors = {mirror_of(module.name) for module in modules()}
    tests = {path.relative_to(TESTS).as_posix() for path in TESTS.rglob("test_*.py")}

    hold(
        "tests_without_source",
        {test: "mirrors no file" for test in tests - mirrors if test.split("/")[0] not in BESIDE_THE_MIRROR},
    )


def test_every_folder_of_tests_mirrors_a_folder():
    folders = {path.name for path in TESTS.iterdir() if path.is_dir() and path.name != "__pycache__"}
    mirrored = {path.name for path in LIBRARY.iterdir() if path.is_dir()}

    assert folders - BESIDE_THE_MIRROR <= mirrored


def mirror_of(name: str) -> str:
    """Turn ``layers/_dense.py`` into ``layers/test_dense.py``."""
    *folders, file = name.split("/")
    return "/".join([*folders, f"test_{file.lstrip('_')}"])
