import numpy as np
import pytest

import lamina as lm
from lamina.cli import _classic as classic
from lamina.errors import ArgumentError, DataError


def demo(folder, **changes):
    options = {"epochs": 1, "batch_size": 128, "seed": 0, **changes}
    return classic.run("digits", options.pop("network", "dense"), folder=folder, **options)


@pytest.mark.parametrize("network", ["dense", "dropout"])
def test_the_demo_trains_shows_and_saves(network, tmp_path, capsys):
    scores = demo(tmp_path / "new" / "folder", network=network, epochs=3)

    output = capsys.readouterr().out
    assert f'Model "{network}"' in output
    assert "Epoch 3/3" in output
    assert f"test accuracy {scores['accuracy']:.4f} (seed 0)" in output
    assert "taken for" in output
    assert scores["accuracy"] > 0.7
    saved = lm.load(tmp_path / "new" / "folder" / "model.safetensors")
    images = classic.load("digits")[1]
    assert saved.evaluate(classic.flat(images.x_test), images.y_test) == scores
    assert (tmp_path / "new" / "folder" / "history.png").stat().st_size > 1000


def test_the_classic_network_has_the_size_everyone_knows():
    assert classic.classic_network("dense", 784).count_params() == 407_050
    assert classic.classic_network("dropout", 784).count_params() == 235_146


def test_no_output_is_wider_than_a_narrow_terminal(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")

    demo(tmp_path)

    before_saving = capsys.readouterr().out.split("Model:")[0]
    assert max(map(len, before_saving.splitlines())) <= 88  # a line of the log may be longer than a terminal


def test_without_mnist_the_demo_trains_on_digits_and_says_so(monkeypatch, capsys):
    def refuse():
        raise DataError("mnist: expected a file, got none.")

    monkeypatch.setattr(classic.mnist, "load_data", refuse)

    name, images = classic.load("mnist")

    assert name == "digits"
    assert images.x_train.shape[1:] == (8, 8)
    output = capsys.readouterr().out
    assert "mnist: expected a file, got none." in output
    assert "Training on the 8x8 digits of the package instead." in output


@pytest.mark.parametrize("name", ["digits", "mnist"])
def test_images_go_from_dark_0_to_light_1(name, request):
    if name == "mnist":
        request.getfixturevalue("mnist")

    _, images = classic.load(name)

    assert images.x_train.dtype == np.float32
    assert (images.x_train.min(), images.x_train.max()) == (0, 1)


def test_a_folder_that_is_a_file_is_refused_before_any_training(tmp_path):
    (tmp_path / "taken").write_text("")

    with pytest.raises(ArgumentError, match=r"--folder: expected a folder that can be written to, got '.*taken'"):
        demo(tmp_path / "taken")


def test_a_folder_that_cannot_be_written_to_is_refused_before_any_training(tmp_path, monkeypatch):
    def refuse(**_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(classic.tempfile, "TemporaryFile", refuse)

    with pytest.raises(ArgumentError, match=r"got '.*' \(Permission denied\)\.\n  Fix: name another one"):
        demo(tmp_path)


def test_pictures_lose_the_margin_that_all_of_them_have():
    images = np.zeros((2, 6, 6))
    images[0, 1, 2] = images[1, 3, 4] = 1

    assert classic.cropped(images).shape == (2, 3, 3)


@pytest.mark.parametrize(("columns", "rows"), [(40, 2), (80, 1)])
def test_pictures_stand_beside_each_other_as_far_as_they_fit(columns, rows, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", str(columns))

    classic.print_pictures(np.ones((4, 20, 18)), ["1, taken for 7"] * 4)

    lines = capsys.readouterr().out.splitlines()
    assert sum("taken for" in line for line in lines) == rows
    assert max(map(len, lines)) <= columns


def test_a_perfect_network_has_nothing_to_show(capsys):
    class Perfect:
        def predict(self, x):
            return np.eye(10)[[3, 4]]

    images = classic.Images(*[np.zeros((2, 8, 8))] * 3, np.array([3, 4]))

    classic.show_mistakes(Perfect(), images, tuple("0123456789"))

    assert capsys.readouterr().out == "No test image was wrong.\n\n"


def test_a_picture_that_cannot_be_drawn_is_no_reason_to_lose_the_model(tmp_path, capsys, monkeypatch):
    class Undrawable:
        def plot(self):
            raise lm.errors.MissingDependencyError("History.plot(): expected matplotlib, got nothing.")

    model = lm.Sequential([lm.Input((2,)), lm.layers.Dense(1)])

    classic.save(model, Undrawable(), tmp_path)

    assert (tmp_path / "model.safetensors").exists()
    assert "History: not drawn. History.plot(): expected matplotlib" in capsys.readouterr().out
