import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

import numpy as np
import support
import torch
from enlarger_training.compare import compared
from enlarger_training.export import float_model
from enlarger_training.graph import save
from enlarger_training.manifest import read_manifest, write_manifest
from enlarger_training.publish import publish
from enlarger_training.publish_chain import publish_chain
from enlarger_training.runtime import enlarged
from enlarger_training.variants import REFUSED, note_figures, refusal, without_lossy_int8
from test_train import FOLDED, SMALL, trainer_of, write_pictures

PLAIN = replace(SMALL, id="photo-x2")
HEALER = replace(FOLDED, id="restore-x1", squared_from=0.5)


class Publishing(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.sources = write_pictures(self.folder)

    def trained(self, recipe):
        made = trainer_of(recipe, self.folder, self.sources, recipe.id)
        made.run()
        return made

    def published(self, recipe) -> tuple[dict, str]:
        """(manifest, card)"""
        folder = self.folder / "models" / recipe.id
        publish(self.trained(recipe), self.folder, self.sources, folder)
        return read_manifest(folder), (folder / "README.md").read_text()

    def test_a_plain_model_with_the_forms_that_the_product_makes_of_it(self):
        folder = self.folder / "models" / "small"
        folder.mkdir(parents=True)
        (folder / "small.int8-old.onnx").write_text("of the weights before")
        manifest, card = self.published(SMALL)
        self.assertEqual([manifest[key] for key in ("task", "receptiveRadius")], ["upscale", 4])
        self.assertNotIn("strength", manifest)
        self.assertEqual(manifest.get("multiple", 1), 1)
        fp32, fp16, int8 = manifest["variants"]
        self.assertEqual([variant["id"] for variant in (fp32, fp16, int8)], ["fp32", "fp16", "int8"])
        self.assertEqual(list(fp32["psnr"]), ["validation"])
        self.assertAlmostEqual(fp16["psnr"]["validation"], fp32["psnr"]["validation"], places=1)
        self.assertGreater(int8["speed"], 0)
        self.assertLessEqual(int8["loss"], 0.1)
        self.assertIn("| validation photographs | ", card)
        self.assertRegex(card, r"int8 was calibrated with training pictures. It is \d+\.\d times as fast")
        files = {entry["file"] for variant in manifest["variants"] for entry in variant["entries"]}
        self.assertEqual({path.name for path in folder.glob("*.onnx")}, files)

    def test_a_model_of_scale_1(self):
        manifest, card = self.published(FOLDED)
        self.assertEqual((manifest["task"], manifest["receptiveRadius"], manifest["multiple"]), ("restore", 8, 2))
        strength = {"input": "strength", "dtype": "float32", "dims": [1], "from": 0, "to": 1, "default": 1}
        self.assertEqual(manifest["strength"], strength)
        self.assertEqual([size % 2 for size in manifest["tile"]["cpu"]], [0, 0])
        figures = manifest["variants"][0]["psnr"]
        self.assertIn(f"{figures['noise 15']:.2f}", next(line for line in card.splitlines() if "| noise 15 " in line))
        self.assertIn("PSNR on colour", card)
        picture = support.picture(21, 33)
        for variant in manifest["variants"]:
            for entry in variant["entries"]:
                path = self.folder / "models" / "folded" / entry["file"]
                self.assertEqual(path.stat().st_size, entry["bytes"])
                same = enlarged(path, {"a": picture}, 8, 2, strength=0)["a"]
                np.testing.assert_array_equal(same, picture)

    def test_a_chain_heals_and_then_enlarges(self):
        models = self.folder / "models"
        parts = [self.published(recipe)[0] for recipe in (HEALER, PLAIN)]
        publish_chain(models, "photo-x2", self.folder, self.sources, None)
        manifest = read_manifest(models / "photo-x2-restore")
        self.assertEqual([manifest[key] for key in ("task", "scale", "receptiveRadius")], ["upscale", 2, 12])
        self.assertEqual(manifest["parameters"], sum(part["parameters"] for part in parts))
        self.assertEqual([variant["id"] for variant in manifest["variants"]][:2], ["fp32", "fp16"])
        card = (models / "photo-x2-restore" / "README.md").read_text()
        self.assertRegex(card, r"\| +\| bicubic +\| photo-x2 +\| fp32 +\| fp16 +\|")
        picture = support.picture(40, 48)
        names = ("restore-x1", "photo-x2", "photo-x2-restore")
        healed, large, both = (models / f"{name}/{name}.fp32.onnx" for name in names)
        unhealed = enlarged(both, {"a": picture}, 12, 2, strength=0)["a"]
        np.testing.assert_array_equal(unhealed, enlarged(large, {"a": picture}, 4)["a"])
        expected = enlarged(large, enlarged(healed, {"a": picture}, 8, 2), 4)["a"]
        found = enlarged(both, {"a": picture}, 12, 2)["a"]
        np.testing.assert_array_equal(found[16:-16, 16:-16], expected[16:-16, 16:-16])

    def test_a_file_that_does_not_do_what_was_trained_is_not_published(self):
        one, other = support.network(2), support.network(2)
        torch.nn.init.normal_(other.convs[-1].bias)
        path = self.folder / "model.onnx"
        save(float_model(other, "uint8"), path)
        pairs = {"a": (support.picture(60, 60), support.picture(30, 30))}
        with self.assertRaisesRegex(RuntimeError, "model.onnx scores"):
            compared(one, {"fp32": path}, pairs, noisy=False)


class LossyForms(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        variants = []
        for name in ("fp32", "int8"):
            (self.folder / f"m.{name}.onnx").write_text(name)
            variants.append({"id": name, "entries": [{"dtype": "uint8", "file": f"m.{name}.onnx"}]})
        write_manifest({"variants": variants}, self.folder)

    def quality(self, **by_set: tuple[float, float]) -> dict:
        both = lambda value: {"PSNR-Y": value, "PSNR-Y as seen": min(40, value)}
        return {name: {"fp32": both(a), "int8": both(b)} for name, (a, b) in by_set.items()}

    def test_an_int8_form_that_loses_more_than_is_seen_of_any_pictures_goes(self):
        quality = self.quality(clean=(49, 47), noisy=(34, 33.8))
        self.assertEqual(without_lossy_int8(self.folder, quality, "PSNR-Y"), "it was made, and loses 0.20 dB (noisy)")
        manifest = note_figures(self.folder, quality, "PSNR-Y")
        self.assertEqual(manifest, read_manifest(self.folder))
        self.assertEqual([(v["id"], v["psnr"]) for v in manifest["variants"]], [("fp32", {"clean": 49, "noisy": 34})])
        self.assertEqual([path.name for path in self.folder.glob("*.onnx")], ["m.fp32.onnx"])

    def test_one_that_loses_less_or_where_nobody_sees_it_stays(self):
        self.assertEqual(without_lossy_int8(self.folder, self.quality(clean=(49, 47), noisy=(34, 33.91)), "PSNR-Y"), "")
        self.assertEqual(len(read_manifest(self.folder)["variants"]), 2)

    def test_the_product_s_refusal_is_told_from_other_failures(self):
        lossy = "✗ /x/m.fp32.onnx: it loses 0.270 dB in int8, and 0.1 are allowed. Allow more with --max-loss, or keep it in float.\n"
        far = "✗ /x/m.fp32.onnx: its results in int8 are only 31.0 dB close to those in float. Keep it in float.\n"
        self.assertTrue(REFUSED.search(lossy) and REFUSED.search(far))
        self.assertEqual(refusal(lossy), "it loses 0.270 dB in int8, and 0.1 are allowed")
        self.assertEqual(refusal(far), "its results in int8 are only 31.0 dB close to those in float")
        self.assertFalse(REFUSED.search("✗ The engine ended unexpectedly.\n"))


if __name__ == "__main__":
    unittest.main()
