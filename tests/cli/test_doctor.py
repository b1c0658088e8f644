import importlib.metadata
import json

import pytest
from typer.testing import CliRunner

import lamina
from lamina.cli import _doctor, app


@pytest.fixture(autouse=True)
def empty_machine(monkeypatch, tmp_path):
    monkeypatch.setattr(_doctor, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    monkeypatch.setenv("LAMINA_DATA", str(tmp_path))


def test_versions_are_those_of_the_installed_packages():
    versions = _doctor.findings()["versions"]

    assert versions["lamina"] == lamina.__version__
    assert versions["jax"] == importlib.metadata.version("jax")


def test_a_package_that_is_not_installed_is_a_finding(monkeypatch):
    monkeypatch.setattr(_doctor, "ENGINE", ("no-such-package",))

    assert _doctor.findings()["versions"]["no-such-package"] == "not installed"


def test_devices_are_named():
    found = _doctor.findings()["compute"]

    assert found["devices"] == "cpu (cpu:0)"
    assert found["kernels"].startswith(("native, for ", "none: "))
    assert found["repeatable"] == "yes, on a CPU always"


def test_doctor_says_what_takes_the_place_of_native_kernels(monkeypatch):
    monkeypatch.setattr(lamina.ops, "instruction_set", lambda: None)

    assert "a C++ compiler at the installation" in _doctor.findings()["compute"]["kernels"]


def test_an_engine_that_does_not_start_is_a_finding(monkeypatch):
    def broken():
        raise RuntimeError("no backend")

    monkeypatch.setattr(lamina.ops, "devices", broken)
    monkeypatch.setattr(lamina.ops, "default_backend", broken)

    found = _doctor.findings()["compute"]

    assert found["devices"] == "none: RuntimeError: no backend"
    assert found["repeatable"] == "not known: RuntimeError"


def test_the_cache_is_measured_by_folder(tmp_path):
    (tmp_path / "cache" / "compiled" / "deep").mkdir(parents=True)
    (tmp_path / "cache" / "compiled" / "deep" / "program").write_bytes(b"0" * 1_500_000)

    assert _doctor.findings()["cache"]["folder"] == f"{tmp_path / 'cache'} (compiled 1.5 MB)"


def test_a_cache_that_does_not_exist_is_empty(tmp_path):
    assert _doctor.findings()["cache"]["folder"] == f"{tmp_path / 'cache'} (empty)"


def test_data_sets_are_present_or_to_be_downloaded(monkeypatch):
    found = {"iris": True, "mnist": False}
    sets = [lamina.datasets.Description(name, 1, (1,), "a number", present) for name, present in found.items()]
    monkeypatch.setattr(lamina.datasets, "available", lambda: sets)

    data = _doctor.findings()["data"]

    assert data["present"] == "iris"
    assert data["to download on first use"] == "mnist"


def test_a_data_folder_that_does_not_exist_is_a_finding(monkeypatch):
    monkeypatch.setenv("LAMINA_DATA", "no/such/folder")

    assert "Fix: create the folder" in _doctor.findings()["data"]["folder"]


def test_an_optional_part_that_is_missing_comes_with_the_command_to_get_it(monkeypatch):
    monkeypatch.setattr(_doctor, "extras", lambda: {"plot": ["no-such-package"], "run": ["numpy"]})

    assert _doctor.findings()["optional"] == {
        "plot": "no-such-package missing: pip install 'lamina[plot]'",
        "run": "installed",
    }


def test_the_optional_parts_are_those_the_package_declares():
    assert _doctor.extras()["plot"] == ["matplotlib"]
    assert not _doctor.FOR_DEVELOPERS & set(_doctor.extras())


def test_json_holds_all_findings():
    result = CliRunner().invoke(app, ["doctor", "--json"])

    assert result.exit_code == 0
    assert json.loads(result.output) == _doctor.findings()


def test_the_table_shows_every_section_and_every_value():
    result = CliRunner().invoke(app, ["doctor"], env={"COLUMNS": "400"})

    assert result.exit_code == 0
    for section, rows in _doctor.findings().items():
        assert section in result.output
        assert all(value in result.output for value in rows.values())
