import re
import subprocess
import sys

import pytest

import lamina
from house.source import ROOT, hold

LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
MACHINE_PATH = re.compile(r"(?<![\w.~}])/(work|tmp|root|home|opt|Users)/\w+")
# Whoever installs chooses the index: no file of ours names one.
INDEX_HOST = re.compile(r"https?://[\w.-]*(pypi|pythonhosted|mirror|artifactory|nexus)[\w.-]*")
CHANGES = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")


def files(*endings):
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    ).stdout.split("\n")
    found = [ROOT / name for name in listed if name.endswith(endings or ("",)) and (ROOT / name).is_file()]
    return found or pytest.skip("this is not a git repository")


def test_links_lead_somewhere():
    violations = {}
    for path in files(".md"):
        for target in LINK.findall(path.read_text()):
            if not (path.parent / target).exists():
                violations[f"{path.relative_to(ROOT)} -> {target}"] = "leads nowhere"

    hold("links", violations)


@pytest.mark.parametrize("pattern", [MACHINE_PATH, INDEX_HOST], ids=["paths", "hosts"])
def test_no_file_knows_the_machine_it_was_written_on(pattern):
    violations = {}
    for path in files(
        ".py", ".pyi", ".md", ".toml", ".yml", "run", "environment", "test", "check", "demo", "docs", "bench"
    ):
        found = pattern.search(path.read_text())
        if found and path.name != "test_docs.py":
            violations[path.relative_to(ROOT).as_posix()] = f"says {found[0]!r}"

    hold("machine", violations)


def test_the_changelog_has_a_place_for_what_is_new():
    headings = changelog(r"^## (.+)$")

    assert headings[0] == "[Unreleased]"


def test_the_version_is_not_behind_the_changelog():
    released = [tuple(map(int, version.split("."))) for version in changelog(r"^## \[(\d+\.\d+\.\d+)\]")]

    assert released == sorted(released, reverse=True)
    assert all(version <= tuple(map(int, lamina.__version__.split("."))) for version in released)


def test_the_changelog_uses_the_usual_headings():
    assert set(changelog(r"^### (.+)$")) <= set(CHANGES)


def test_design_notes_are_numbered_without_gaps():
    numbers = [path.name[:4] for path in sorted((ROOT / "docs" / "design").glob("*.md"))]

    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def test_the_reference_is_up_to_date():
    result = subprocess.run(
        [sys.executable, "docs/write_reference.py", "--check"], cwd=ROOT, capture_output=True, text=True
    )

    assert result.returncode == 0, result.stdout + result.stderr


def changelog(pattern):
    return re.findall(pattern, (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
