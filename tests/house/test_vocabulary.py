import ast
import re
from fnmatch import fnmatchcase

import pytest

from house.source import ROOT, constructor_parameters, hold, methods, parameters, public

TABLE_ROW = re.compile(r"^\|(?P<word>.*)\|(?P<meaning>.*)\|(?P<avoided>.*)\|$", re.MULTILINE)
IN_CODE = re.compile(r"`([\w*]+)`")


def column(name: str) -> list[str]:
    text = (ROOT / "docs" / "vocabulary.md").read_text()
    return [word for row in TABLE_ROW.finditer(text) for word in IN_CODE.findall(row[name])]


AVOIDED = column("avoided")


def test_public_signatures_use_the_vocabulary():
    violations = {}
    for name, node in public():
        for word in signature_of(node):
            pattern = next((item for item in AVOIDED if fnmatchcase(word, item)), None)
            if pattern:
                violations[f"{name}({word})"] = f"docs/vocabulary.md has another word for {pattern}"

    hold("vocabulary", violations)


@pytest.mark.parametrize("word", ["lr", "eps", "nb_epoch", "p", "dim", "hidden_size", "kernel_init"])
def test_the_usual_abbreviations_are_avoided(word):
    assert any(fnmatchcase(word, pattern) for pattern in AVOIDED)


def test_no_word_is_both_used_and_avoided():
    words = [word for word in column("word") if "*" not in word]

    assert not [word for word in words if any(fnmatchcase(word, pattern) for pattern in AVOIDED)]


def signature_of(node) -> set[str]:
    """Return every argument name that a user of a class or function may have to write."""
    if not isinstance(node, ast.ClassDef):
        return set(parameters(node))
    return {*constructor_parameters(node), *(word for _, method in methods(node) for word in parameters(method))}
