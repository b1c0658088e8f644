"""Transformations of functions and trees of arrays: compile, differentiate, loop, map."""

from __future__ import annotations

from jax import ShapeDtypeStruct as ShapeDtype
from jax import (
    block_until_ready,
    checking_leaks,
    default_backend,
    devices,
    disable_jit,
    eval_shape,
    grad,
    jacobian,
    jit,
    named_scope,
    value_and_grad,
    vjp,
    vmap,
)
from jax.core import Tracer
from jax.lax import (
    cond,
    dynamic_slice_in_dim,
    dynamic_update_slice_in_dim,
    fori_loop,
    optimization_barrier,
    rsqrt,
    scan,
    select,
    stop_gradient,
    while_loop,
)
from jax.tree import leaves as tree_leaves
from jax.tree import leaves_with_path as tree_leaves_with_path
from jax.tree import map as tree_map
from jax.tree import map_with_path as tree_map_with_path
from jax.tree import structure as tree_structure
from jax.tree_util import keystr, register_dataclass

__all__ = [
    "ShapeDtype",
    "Tracer",
    "block_until_ready",
    "checking_leaks",
    "cond",
    "default_backend",
    "devices",
    "disable_jit",
    "dynamic_slice_in_dim",
    "dynamic_update_slice_in_dim",
    "eval_shape",
    "fori_loop",
    "grad",
    "jacobian",
    "jit",
    "keystr",
    "named_scope",
    "optimization_barrier",
    "register_dataclass",
    "rsqrt",
    "scan",
    "select",
    "stop_gradient",
    "tree_leaves",
    "tree_leaves_with_path",
    "tree_map",
    "tree_map_with_path",
    "tree_structure",
    "value_and_grad",
    "vjp",
    "vmap",
    "while_loop",
]
