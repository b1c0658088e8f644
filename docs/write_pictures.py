"""Write docs/pictures: a real run of the demo on MNIST, and the figures that the guide to pictures draws.

.venv/bin/python docs/write_pictures.py
"""

from __future__ import annotations

import contextlib
import doctest
import functools
import io
import shutil
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

import lamina as lm
from lamina.cli import _classic
from lamina.cli._picture import picture

PICTURES = Path(__file__).parent / "pictures"
COLUMNS = 92
FRAME = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, monospace; font-size: {char_height}px; \
line-height: {line_height}px; }}
{styles}</style>
<defs>{lines}</defs>
<rect fill="#1b1f24" width="{width}" height="{height}" rx="8"/>
<g transform="translate({terminal_x}, {terminal_y})">{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""


GUIDE = Path(__file__).parent / "guide" / "pictures.md"
FIGURES = ("filters", "activations", "saliency", "grad_cam")


def main() -> None:
    """Write all pictures."""
    PICTURES.mkdir(exist_ok=True)
    of_the_demo()
    of_the_guide()


def of_the_guide() -> None:
    """Run the code of the guide to pictures, and write its figures."""
    names: dict[str, Any] = {}
    for example in doctest.DocTestParser().get_examples(GUIDE.read_text()):
        exec(example.source, names)
    for name in FIGURES:
        names[name].savefig(PICTURES / f"{name}.png", dpi=110)


def of_the_demo() -> None:
    """Run the demo, and write what it shows: the terminal, the history, the network."""
    _classic.picture = functools.partial(picture, style="truecolor")
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as shown:
        _classic.run("mnist", "dense", epochs=None, batch_size=128, seed=1, folder=Path(folder))
        shutil.copy(Path(folder) / "history.png", PICTURES / "history.png")
        lm.load(Path(folder) / "model.safetensors").plot(PICTURES / "network.svg")
        text = shown.getvalue().replace(folder, "lamina-demo")
    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    console.print(Text.from_ansi(f"$ scripts/demo\n{text}"))
    svg = console.export_svg(code_format=FRAME, unique_id="demo")
    (PICTURES / "demo.svg").write_text("\n".join(line.rstrip() for line in svg.splitlines()) + "\n")


if __name__ == "__main__":
    main()
