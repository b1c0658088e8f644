from importlib import import_module

import jax

from lamina import ops

_compilation = import_module("lamina.ops._compilation")  # whose name in `lamina.ops` is that of a list


def test_a_function_is_traced_once_and_gives_memory_back_before_it_first_runs(monkeypatch):
    told = []

    def double(x):
        told.append("traced")
        jax.debug.callback(lambda: told.append("ran"))
        return 2 * x

    monkeypatch.setattr(_compilation, "give_back", lambda: told.append("gave back"))
    run = ops.compiled(double)

    results = [float(run(number)) for number in (1.0, 2.0)]
    jax.effects_barrier()

    assert results == [2.0, 4.0]
    assert told[:2] == ["traced", "gave back"]
    assert told.count("traced") == 1
    assert told.count("ran") == 2


def test_memory_is_given_back_ever_more_seldom(monkeypatch):
    told = []
    run = ops.compiled(lambda x: 2 * x)
    monkeypatch.setattr(_compilation, "give_back", lambda: told.append("gave back"))

    counts = [len(told) for _ in range(9) if run(1.0) is not None]

    assert counts == [2, 3, 3, 4, 4, 4, 4, 5, 5]


def test_a_function_compiles_nothing_while_debugging(monkeypatch):
    told = []
    monkeypatch.setattr(_compilation, "give_back", lambda: told.append("gave back"))

    with jax.disable_jit():
        result = float(ops.compiled(lambda x: 2 * x)(1.0))

    assert result == 2.0
    assert not told
