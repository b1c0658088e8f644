import pytest

from lamina._core import registry
from lamina.errors import ArgumentError


@pytest.fixture
def family(monkeypatch):
    """Return a family of a fresh table."""
    for table in ("_TABLE", "_ALIASES", "_NAMES"):
        monkeypatch.setattr(registry, table, {})
    return "animal"


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("GlorotUniform", "glorot_uniform"),
        ("Dense", "dense"),
        ("PReLU", "p_re_lu"),
        ("L1L2", "l1_l2"),
        ("AUC", "auc"),
        ("KLDivergence", "kl_divergence"),
        ("SpatialDropout1D", "spatial_dropout1d"),
        ("Conv2DTranspose", "conv2d_transpose"),
        ("R2Score", "r2_score"),
        ("relu", "relu"),
    ],
)
def test_class_names_become_words(name, word):
    assert registry.snake_case(name) == word


def test_an_entry_is_found_by_its_name_its_word_and_its_aliases(family):
    @registry.register(family, aliases=("kitty",))
    class HouseCat:
        pass

    for name in ("HouseCat", "house_cat", "kitty"):
        assert registry.resolve(family, name, where="pet") is HouseCat


def test_an_unknown_name_gets_the_nearest(family):
    registry.register(family)(type("Tiger", (), {}))

    with pytest.raises(
        ArgumentError, match=r"pet: expected the name of a known animal, got 'tigre'.\n  Fix: did you mean"
    ):
        registry.resolve(family, "tigre", where="pet")


def test_where_nothing_is_near_all_names_are_listed(family):
    for name in ("Tiger", "Ant"):
        registry.register(family)(type(name, (), {}))

    with pytest.raises(ArgumentError, match="Fix: choose one of: ant, tiger"):
        registry.resolve(family, "xyzzy", where="pet")


def test_families_are_apart(family):
    registry.register(family)(type("Tiger", (), {}))

    with pytest.raises(ArgumentError, match="known plant"):
        registry.resolve("plant", "tiger", where="garden")


def test_entries_know_their_name_and_strangers_have_none(family):
    tiger = registry.register(family)(type("Tiger", (), {}))

    assert registry.name_of(tiger) == (family, "Tiger")
    assert registry.name_of(object()) is None


def test_names_are_listed_in_order(family):
    for name in ("Tiger", "Ant"):
        registry.register(family)(type(name, (), {}))

    assert registry.names(family) == ["Ant", "Tiger"]
    assert registry.names("plant") == []
