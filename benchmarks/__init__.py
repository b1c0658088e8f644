"""Lamina beside other libraries, on the same machine and the same data: `scripts/bench`."""
