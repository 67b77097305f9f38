import json
import math
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
import support
from enlarger_training.contact_sheet import GAP, LABEL, contact_sheet
from enlarger_training.quality import GMSD_CONSTANT, gmsd_y, luma, psnr, psnr_rgb, psnr_y, qualities, ssim_y
from PIL import Image

EVALUATE = Path(__file__).resolve().parents[1] / "evaluate.py"


class Quality(unittest.TestCase):
    def setUp(self):
        self.picture = support.picture(40, 48)
        self.brighter = np.clip(self.picture.astype(int) + 3, 0, 255).astype(np.uint8)

    def test_equal_pictures_are_perfect(self):
        perfect = {"PSNR-Y": math.inf, "PSNR-RGB": math.inf, "SSIM-Y": 1, "GMSD": 0}
        self.assertEqual(qualities(self.picture, self.picture, 2), perfect)

    def test_psnr_of_a_known_difference(self):
        gray = np.full((20, 20, 3), 100, np.uint8)
        other = gray + np.uint8(10)
        self.assertAlmostEqual(psnr_rgb(gray, other), 10 * math.log10(255**2 / 100), places=9)
        on_luma = 10 * (65.481 + 128.553 + 24.966) / 255
        self.assertAlmostEqual(psnr_y(gray, other, 4), 20 * math.log10(255 / on_luma), places=9)
        self.assertEqual((psnr(gray, other, 1), psnr(gray, other, 2)), (psnr_rgb(gray, other), psnr_y(gray, other, 2)))

    def test_borders_are_left_off(self):
        framed = self.picture.copy()
        framed[:2], framed[-2:], framed[:, :2], framed[:, -2:] = 0, 0, 0, 0
        self.assertEqual(psnr_y(framed, self.picture, 2), math.inf)
        self.assertEqual((ssim_y(framed, self.picture, 2), gmsd_y(framed, self.picture, 2)), (1, 0))
        self.assertLess(psnr_rgb(framed, self.picture), 30)

    def test_ssim_is_the_published_formula_under_a_gaussian_window(self):
        one, other = support.picture(11, 11, seed=1), support.picture(11, 11, seed=2)
        distance = np.arange(-5, 6)
        window = np.exp(-(distance[:, None] ** 2 + distance[None] ** 2) / 4.5)
        window /= window.sum()
        x, y = luma(one), luma(other)
        mean_x, mean_y = (window * x).sum(), (window * y).sum()
        variance_x, variance_y = (window * (x - mean_x) ** 2).sum(), (window * (y - mean_y) ** 2).sum()
        covariance = (window * (x - mean_x) * (y - mean_y)).sum()
        c1, c2 = 2.55**2, 7.65**2
        expected = (2 * mean_x * mean_y + c1) * (2 * covariance + c2)
        expected /= (mean_x**2 + mean_y**2 + c1) * (variance_x + variance_y + c2)
        self.assertAlmostEqual(ssim_y(one, other, 0), expected, places=9)

    def test_gmsd_is_the_deviation_of_similarities_of_gradients(self):
        flat = np.full((12, 16, 3), 80, np.uint8)
        edge = flat.copy()
        edge[:, 8:] = 180
        step = luma(edge).max() - luma(edge).min()
        # At half size the step lies between columns 3 and 4, and both see all of it: 2 of the 6 inner columns.
        low = GMSD_CONSTANT / (step**2 + GMSD_CONSTANT)
        expected = np.std([1, 1, low, low, 1, 1])
        self.assertAlmostEqual(gmsd_y(flat, edge, 0), expected, places=9)

    def test_structure_counts_more_than_brightness(self):
        rng = np.random.default_rng(1)
        noisy = np.clip(self.picture + rng.normal(0, 3, self.picture.shape), 0, 255).astype(np.uint8)
        self.assertGreater(ssim_y(self.brighter, self.picture, 0), ssim_y(noisy, self.picture, 0))
        self.assertLess(gmsd_y(self.brighter, self.picture, 0), gmsd_y(noisy, self.picture, 0))


class Sheets(unittest.TestCase):
    def test_each_picture_stands_beside_its_original(self):
        original = support.picture(60, 80)
        rows = [{"ours": original // 2, "original": original}] * 3
        sheet = np.asarray(contact_sheet(rows, 20, zoom=2))
        self.assertEqual(sheet.shape, (3 * (40 + GAP + LABEL) + GAP, 2 * (40 + GAP) + GAP, 3))
        top = GAP + LABEL
        ours, true = (sheet[top : top + 40, left : left + 40] for left in (GAP, GAP + 40 + GAP))
        np.testing.assert_array_equal(ours, true // 2)
        np.testing.assert_array_equal(true[::2, ::2], true[1::2, 1::2])


class Command(unittest.TestCase):
    def test_folders_are_matched_by_name_scored_and_shown(self):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            for side in ("results", "others", "originals"):
                (folder / side).mkdir()
            for name in ("a", "b"):
                picture = support.picture(50, 41, seed=ord(name))
                Image.fromarray(picture).save(folder / "originals" / f"{name}.png")
                Image.fromarray(picture[:48, :40] ^ 8).save(folder / "results" / f"{name}_x4.png")
                Image.fromarray(picture ^ 16).save(folder / "others" / f"{name}.png")
            command = [sys.executable, str(EVALUATE), "folders", str(folder / "results"), str(folder / "originals")]
            command += ["--scale", "4", "--against", f"others={folder / 'others'}", "--side", "32"]
            command += ["--json", str(folder / "all.json"), "--sheet", str(folder / "sheet.png")]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            measured = json.loads((folder / "all.json").read_text())
            self.assertAlmostEqual(measured["results"]["a"]["PSNR-RGB"], 20 * math.log10(255 / 8), places=6)
            self.assertAlmostEqual(measured["others"]["b"]["PSNR-RGB"], 20 * math.log10(255 / 16), places=6)
            self.assertIn("| results    | ", done.stdout)
            self.assertIn(" 30.07 ", done.stdout)
            with Image.open(folder / "sheet.png") as sheet:
                self.assertEqual(sheet.width, 3 * (64 + GAP) + GAP)


if __name__ == "__main__":
    unittest.main()
