"""Figures as Markdown."""

import math

MEASURES = {  # what a reader needs to know of each measure, and its decimals
    "PSNR-Y": ("PSNR on BT.601 luma, dB", 2),
    "PSNR-RGB": ("PSNR on colour, dB", 2),
    "SSIM-Y": ("SSIM of luma, at best 1", 4),
    "GMSD": ("GMSD of luma, at best 0 (it compares gradients, and follows what people see closer than PSNR)", 4),
}


def markdown_table(head: list[str], rows: list[list[str]]) -> str:
    """Columns padded to one width, as the repository's formatter wants them."""
    widths = [max(3, *(len(cell) for cell in column)) for column in zip(head, *rows)]
    lines = [head, ["-" * width for width in widths], *rows]
    padded = ([cell.ljust(width) for cell, width in zip(line, widths)] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in padded)


def measure_table(quality: dict[str, dict[str, dict[str, float]]], measure: str, names: dict[str, str]) -> str:
    """A row for each set of pictures (name → method → measure → mean), a column for each method; `names`: what
    sets are called where their key is not fit to read."""
    methods = list(dict.fromkeys(method for by_method in quality.values() for method in by_method))
    rows = [
        [names.get(name, name), *(rounded(measure, by_method.get(method, {}).get(measure)) for method in methods)]
        for name, by_method in quality.items()
    ]
    return markdown_table(["", *methods], rows)


def rounded(measure: str, value: float | None) -> str:
    if value is None:
        return ""
    return "∞" if math.isinf(value) else f"{value:.{MEASURES[measure][1]}f}"
