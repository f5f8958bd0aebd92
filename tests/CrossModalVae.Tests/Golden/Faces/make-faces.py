"""Resizes pictures with Pillow, the reference of the face front end: antialiased BILINEAR, grey by BT.601, EXIF orientation honoured.

Makes the pictures too (but for the real frame, a file of tests/fixtures/grid). Results are [planes, height, width] bytes,
named picture.WIDTHxHEIGHT.planes.u8. Run with Debian 12's python3 (3.11; Pillow 9.4.0, numpy 1.24) in this folder.
"""
import numpy as np
from PIL import Image, ImageFilter, ImageOps

rng = np.random.default_rng(20240229)

noise = rng.integers(0, 256, (47, 61, 3), dtype=np.uint8)  # the hardest case: every pixel another colour
Image.fromarray(noise).save("noise.png")

small = rng.integers(0, 256, (10, 12, 3), dtype=np.uint8)
Image.fromarray(small).save("small.png")

blobs = Image.fromarray(rng.integers(0, 256, (9, 12, 3), dtype=np.uint8)).resize((96, 72), Image.BICUBIC)
exif = Image.Exif()
exif[0x0112] = 6
blobs.filter(ImageFilter.GaussianBlur(2)).save("turned.jpg", quality=90, exif=exif)

FRAME = "../../../fixtures/grid/x07/sbwe5n/face_01.jpg"
CASES = [("noise.png", 23, 23), ("noise.png", 31, 17), ("small.png", 23, 23), ("turned.jpg", 23, 23), ("turned.jpg", 16, 24), (FRAME, 23, 23), (FRAME, 64, 64)]

for path, width, height in CASES:
    image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    name = "frame" if path == FRAME else path.split(".")[0]
    grey = image.convert("L").resize((width, height), Image.BILINEAR)
    np.asarray(grey).tofile(f"{name}.{width}x{height}.grey.u8")
    colour = np.asarray(image.resize((width, height), Image.BILINEAR))
    np.ascontiguousarray(colour.transpose(2, 0, 1)).tofile(f"{name}.{width}x{height}.rgb.u8")
