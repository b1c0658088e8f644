"""Files: tensors and what they mean, written whole or not at all, and refused when they are not what they say."""

from lamina.saving._checkpoints import Checkpoints
from lamina.saving._contents import Contents
from lamina.saving._nested import packed, unpacked
from lamina.saving._read import read
from lamina.saving._tensors import check_tensors, filled, named
from lamina.saving._write import write

__all__ = ["Checkpoints", "Contents", "check_tensors", "filled", "named", "packed", "read", "unpacked", "write"]
