"""Write docs/pictures from a real run of the demo on MNIST: the terminal, the history, the network.

.venv/bin/python docs/write_pictures.py
"""

from __future__ import annotations

import contextlib
import functools
import io
import shutil
import tempfile
from pathlib import Path

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


def main() -> None:
    """Run the demo, and write what it shows."""
    PICTURES.mkdir(exist_ok=True)
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
