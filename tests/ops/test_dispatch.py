import jax

from lamina.ops import _dispatch


def test_programs_run_where_they_are_called_unless_the_user_decides_otherwise_later():
    name = "jax_cpu_enable_async_dispatch"
    decided_by_the_import = jax.config.read(name)

    jax.config.update(name, True)
    asked_otherwise = jax.config.read(name)
    _dispatch.run_where_called()

    assert (decided_by_the_import, asked_otherwise, jax.config.read(name)) == (False, True, False)
