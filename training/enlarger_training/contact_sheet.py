"""Sheets to look at: the same place of several pictures side by side, a row for each place."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

GAP, LABEL, BACKGROUND, INK = 4, 14, 32, 235


def crop_of_interest(original: np.ndarray, side: int, multiple: int) -> tuple[int, int]:
    """(top, left), multiples of `multiple`, of the square with the most going on but for one percent: extreme
    places are often noise or lettering alone."""
    gray = original.mean(axis=2)
    detail = np.abs(np.diff(gray, axis=0))[:, :-1] + np.abs(np.diff(gray, axis=1))[:-1]
    step = max(multiple, side // 4 // multiple * multiple)
    places = [
        (detail[top : top + side, left : left + side].mean(), top, left)
        for top in range(0, max(1, original.shape[0] - side + 1), step)
        for left in range(0, max(1, original.shape[1] - side + 1), step)
    ]
    _, top, left = sorted(places)[int(0.8 * (len(places) - 1))]
    return top, left


def contact_sheet(rows: list[dict[str, np.ndarray]], side: int, zoom: int = 1, multiple: int = 1) -> Image.Image:
    """Each row holds pictures of one size by label, the last of them the original, which says where to look.
    Shown are squares of `side` pixels, each `zoom` times as large without smoothing."""
    cell = side * zoom + GAP
    columns = max(len(row) for row in rows)
    sheet = Image.new("RGB", (columns * cell + GAP, len(rows) * (cell + LABEL) + GAP), (BACKGROUND,) * 3)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default()
    for line, row in enumerate(rows):
        top, left = crop_of_interest(list(row.values())[-1], side, multiple)
        y = GAP + line * (cell + LABEL)
        for column, (label, picture) in enumerate(row.items()):
            x = GAP + column * cell
            shown = Image.fromarray(np.ascontiguousarray(picture[top : top + side, left : left + side]))
            shown = shown.resize((shown.width * zoom, shown.height * zoom), Image.Resampling.NEAREST)
            draw.text((x, y), label, fill=(INK,) * 3, font=font)
            sheet.paste(shown, (x, y + LABEL))
    return sheet
