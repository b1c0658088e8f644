import itertools

import numpy as np
import pytest

from lamina.data import Dataset
from lamina.errors import ArgumentError, DataError

TABLE = {"age": [30.0, 40.0, 50.0], "income": [1.0, 2.0, 3.0], "buys": ["no", "yes", "no"], "weight": [1.0, 0.5, 1.0]}
CLASSES = ["yes", "no"]


@pytest.fixture
def parquet_file(tmp_path):
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    parquet.write_table(arrow.table(TABLE), tmp_path / "people.parquet")
    return tmp_path / "people.parquet"


@pytest.fixture
def csv_file(tmp_path):
    pytest.importorskip("pyarrow")
    lines = [",".join(TABLE), *(",".join(map(str, row)) for row in zip(*TABLE.values(), strict=True))]
    (tmp_path / "people.csv").write_text("\n".join(lines) + "\n")
    return tmp_path / "people.csv"


@pytest.fixture(params=["arrays", "parquet", "csv", "rows", "batches", "map"])
def people(request):
    """Return the same three rows from each kind of source."""
    x, y = np.array([TABLE["age"], TABLE["income"]]).T, np.array(TABLE["buys"])
    weight = np.array(TABLE["weight"])
    rows = list(zip(x, y, weight, strict=True))
    if request.param in ("parquet", "csv"):
        make = getattr(Dataset, f"from_{request.param}")
        path = request.getfixturevalue(f"{request.param}_file")
        return make(path, "buys", sample_weight="weight", classes=CLASSES)
    return {
        "arrays": lambda: Dataset.from_arrays(x, y, sample_weight=weight),
        "rows": lambda: Dataset.from_rows(rows),
        "batches": lambda: Dataset.from_batches([(x[:2], y[:2], weight[:2]), (x[2:], y[2:], weight[2:])]),
        "map": lambda: Dataset.from_map(rows),
    }[request.param]()


def test_every_source_gives_the_same_rows(people):
    blocks = list(people.blocks())

    assert [row for block in blocks for row in block.x.tolist()] == [[30, 1], [40, 2], [50, 3]]
    assert [label for block in blocks for label in block.y] == ["no", "yes", "no"]
    assert [weight for block in blocks for weight in block.sample_weight] == [1.0, 0.5, 1.0]


def test_every_source_goes_through_every_verb(people):
    dataset = people.filter(lambda x, y, weight: weight > 0).map(lambda x, y, weight: (x[:, 0], y)).shuffle().take(3)

    rows = [row for x, y in dataset.cache().prefetch().batch(2) for row in zip(x.tolist(), y.tolist(), strict=True)]

    assert sorted(rows) == [(30, "no"), (40, "yes"), (50, "no")]


def test_memory_maps_are_read_as_they_are_needed(tmp_path):
    np.arange(1000.0).tofile(tmp_path / "numbers")
    mapped = np.memmap(tmp_path / "numbers", np.float64, "r", shape=(500, 2))

    dataset = Dataset.from_arrays(mapped).shuffle()

    assert len(dataset) == 500
    assert sum(block.x.sum() for block in dataset.blocks(seed=1)) == 999 * 500


def test_columns_that_are_listed_are_read_in_this_order(parquet_file, csv_file):
    for dataset in (
        Dataset.from_parquet(parquet_file, "age", x=["weight", "income"]),
        Dataset.from_csv(csv_file, "age", x=["weight", "income"]),
    ):
        (block,) = dataset.blocks()
        assert block.x.tolist() == [[1, 1], [0.5, 2], [1, 3]]
        assert dataset.columns == ("weight", "income")


def test_pictures_of_a_folder_are_read(tmp_path):
    pillow = pytest.importorskip("PIL.Image")
    for name, gray in (("cat", 10), ("dog", 200)):
        (tmp_path / name).mkdir()
        pillow.new("L", (4, 2), gray).save(tmp_path / name / "one.png")

    dataset = Dataset.from_images(tmp_path, (3, 5), color_mode="grayscale", workers=0)

    (block,) = dataset.blocks()
    assert block.x.shape == (2, 3, 5, 1)
    assert block.x[:, 0, 0, 0].tolist() == [10, 200]
    assert (block.y.tolist(), dataset.classes) == (["cat", "dog"], ("cat", "dog"))


def test_a_source_without_an_end_is_read_as_far_as_was_said():
    rows, batches = (
        Dataset.from_rows(itertools.count(), rows=3),
        Dataset.from_batches(itertools.repeat([1, 2]), steps=4),
    )

    assert [block.x.tolist() for block in rows.blocks()] == [[0, 1, 2]]
    assert sum(map(len, batches.blocks())) == 8
    assert (len(rows), batches.steps(2)) == (3, 4)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Dataset.from_arrays([1, 2], [1]), "from_arrays: expected as many rows in each array"),
        (lambda: Dataset.from_map(3), r"from_map\(dataset\): expected an object with __len__"),
        (lambda: Dataset.from_rows(3), r"from_rows\(int\): expected an iterable or a function"),
        (lambda: Dataset.from_images("nowhere"), r"from_images\('nowhere'\): expected pictures"),
        (lambda: Dataset.from_csv("no.csv"), r"from_csv\(paths\): expected files, got none at 'no.csv'"),
        (lambda: Dataset.from_parquet("no/*.parquet"), r"from_parquet\(paths\): expected files, got none at"),
    ],
)
def test_sources_that_do_not_exist_are_refused(make, message):
    with pytest.raises(DataError, match=message):
        make()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Dataset.from_batches(itertools.count()), r"from_batches\(steps\): expected how many batches make"),
        (lambda: Dataset.from_rows([1], limit=3), r"from_rows\(limit\): expected an argument that exists"),
        (lambda: Dataset.from_map([1], workers=-1), r"from_map\(workers\): expected an integer of at least 0, got -1"),
        (lambda: Dataset.from_map([1], on_error="no"), r"from_map\(on_error\): expected 'raise' or 'skip', got 'no'"),
        (lambda: Dataset.from_csv("x", on_error="no"), r"from_csv\(on_error\): expected 'raise' or 'skip', got 'no'"),
        (lambda: Dataset.from_images("here", 28), r"from_images\(image_size\): expected a height and a width, got 28"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(make, message):
    with pytest.raises(ArgumentError, match=message):
        make()
