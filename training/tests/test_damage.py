import unittest

import numpy as np
import support
from enlarger_training.damage import MARGIN, blurred, compressed, damaged, sensor_noise, white_noise
from enlarger_training.quality import psnr_rgb


def generator(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


class Damage(unittest.TestCase):
    def setUp(self):
        self.gray = np.full((160, 160, 3), 128, np.uint8)

    def test_white_noise_has_the_deviation_asked_for_in_each_channel_or_in_all_alike(self):
        difference = white_noise(self.gray, 15, generator()).astype(float) - self.gray
        self.assertAlmostEqual(difference.std(), 15, delta=0.2)
        self.assertLess(abs(np.corrcoef(difference[..., 0].ravel(), difference[..., 1].ravel())[0, 1]), 0.03)
        alike = white_noise(self.gray, 15, generator(), gray=True)
        np.testing.assert_array_equal(alike[..., 0], alike[..., 2])

    def test_sensor_noise_grows_with_light_and_keeps_black_black(self):
        bright, dark = (np.full((160, 160, 3), level, np.uint8) for level in (200, 40))
        light = ((self.gray / 255) ** 2.2).mean()
        noisy = sensor_noise(self.gray, 0.001, 0.0, generator()) / 255
        self.assertAlmostEqual(((noisy**2.2).std() ** 2) / light, 0.001, delta=0.0001)
        hurt = [sensor_noise(picture, 0.001, 0.0, generator()) for picture in (dark, self.gray, bright)]
        deviations = [((picture / 255) ** 2.2).std() for picture in hurt]
        self.assertEqual(sorted(deviations), deviations)
        np.testing.assert_array_equal(sensor_noise(self.gray * 0, 0.01, 0.0, generator()), self.gray * 0)

    def test_blur_widens_along_its_angle(self):
        dot = np.zeros((41, 41, 3), np.uint8)
        dot[20, 20] = 255
        y, x = np.mgrid[-20:21, -20:21]
        spread = blurred(dot, 2.0, 0.6, 0.0)[..., 0].astype(float)
        self.assertAlmostEqual((spread * x**2).sum() / spread.sum(), 4, delta=0.6)
        self.assertLess((spread * y**2).sum() / spread.sum(), 0.6)
        np.testing.assert_array_equal(blurred(self.gray, 1.0, 0.5, 0.3), self.gray)

    def test_compression_loses_more_at_lower_quality(self):
        picture = support.picture(96, 96)
        for kind in ("JPEG", "WEBP"):
            low, high = (psnr_rgb(compressed(picture, kind, quality), picture) for quality in (10, 90))
            self.assertLess(low + 5, high)

    def test_random_damage_is_seeded_and_has_every_degree(self):
        side = 32
        picture = support.picture(side + 2 * MARGIN, side + 2 * MARGIN)
        inner = picture[MARGIN:-MARGIN, MARGIN:-MARGIN]
        results = [damaged(picture, generator(seed)) for seed in range(60)]
        np.testing.assert_array_equal(results[7], damaged(picture, generator(7)))
        self.assertEqual({result.shape for result in results}, {inner.shape})
        untouched = sum(np.array_equal(result, inner) for result in results)
        self.assertTrue(0 < untouched < 15, untouched)
        scores = [psnr_rgb(result, inner) for result in results if not np.array_equal(result, inner)]
        self.assertLess(min(scores), 18)
        self.assertGreater(max(scores), 32)

    def test_nothing_is_shifted(self):
        picture = support.picture(64 + 2 * MARGIN, 64 + 2 * MARGIN, seed=4)
        mean = np.mean([damaged(picture, generator(seed)) for seed in range(150)], axis=0)
        inner = picture.astype(float)
        errors = {
            (down, right): np.abs(mean - inner[MARGIN + down :, MARGIN + right :][:64, :64]).mean()
            for down in (-1, 0, 1)
            for right in (-1, 0, 1)
        }
        self.assertEqual(min(errors, key=errors.get), (0, 0))


if __name__ == "__main__":
    unittest.main()
