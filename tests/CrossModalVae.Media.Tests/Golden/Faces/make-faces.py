"""Resizes pictures with Pillow, the reference of the face front end: antialiased BILINEAR, grey by BT.601, EXIF orientation honoured.

Makes the pictures too (but for the real frame, a file of tests/fixtures/grid). Results are [planes, height, width] bytes,
named picture.WIDTHxHEIGHT.planes.u8, of a part of the picture picture.LEFT-TOP-RIGHT-BOTTOM.WIDTHxHEIGHT.planes.u8; decoded pictures at full
size picture.rgb, decoded at a scale by Image.draft picture.SCALE.planes.draft. The filter is BILINEAR with reducing_gap None.
Run with Debian 12's python3 (3.11; Pillow 9.4.0, numpy 1.24, OpenCV 4.6 for the restart markers) in this folder.
"""
import subprocess

import cv2
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


# JPEG kinds: photographs' statistics (amplitude 1/f^1.6), colours beyond what 4:2:0 can hold exactly, odd sizes, every way of storing them.
rng = np.random.default_rng(20240301)


def photo(width, height, rng=rng):
    def field(slope):
        f = np.hypot(np.fft.fftfreq(256)[:, None], np.fft.fftfreq(256)[None])
        f[0, 0] = 1
        spectrum = np.fft.fft2(rng.standard_normal((256, 256))) / f**slope
        spectrum[0, 0] = 0
        values = np.fft.ifft2(spectrum).real[:height, :width]
        return (values - values.mean()) / values.std()

    luma, u, v = 120 + 45 * field(1.6), 20 * field(1.8), 20 * field(1.8)
    return np.stack([luma + 1.4 * v, luma - 0.34 * u - 0.71 * v, luma + 1.77 * u], -1).clip(0, 255).astype(np.uint8)


KINDS = {
    "base420": dict(subsampling=2),
    "base422": dict(subsampling=1),
    "base444": dict(subsampling=0),
    "optimised": dict(subsampling=2, optimize=True),
    "progressive420": dict(subsampling=2, progressive=True),
    "progressive444": dict(subsampling=0, progressive=True),
    "grey": dict(),
    "progressivegrey": dict(progressive=True),
    "coarse": dict(subsampling=2, quality=10),
}
for name, options in KINDS.items():
    picture = Image.fromarray(photo(61, 47))
    if "grey" in name:
        picture = picture.convert("L")
    picture.save(f"{name}.jpg", **{"quality": 92, **options})
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(photo(40, 27)).save(f"orientation{orientation}.jpg", quality=92, subsampling=2, exif=exif)
cv2.imwrite("restart.jpg", photo(61, 47)[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92, cv2.IMWRITE_JPEG_RST_INTERVAL, 3])

JPEGS = [*(f"{name}.jpg" for name in KINDS), *(f"orientation{o}.jpg" for o in range(1, 9)), "restart.jpg"]


def write(image, name):
    pixels = np.asarray(image)
    np.ascontiguousarray(pixels if pixels.ndim == 2 else pixels.transpose(2, 0, 1)).tofile(name)


def resize_all(path):
    name = path.split(".")[0]
    image = ImageOps.exif_transpose(Image.open(path))
    np.asarray(image.convert("RGB")).tofile(f"{name}.rgb")
    box = (5, 3, 25, 26)
    for size in ((23, 23), (90, 71)) if "orientation" not in path else ((19, 13),):
        for mode, planes in (("L", "grey"), ("RGB", "rgb")):
            write(image.convert(mode).resize(size, Image.BILINEAR), f"{name}.{size[0]}x{size[1]}.{planes}.u8")
    for mode, planes in (("L", "grey"), ("RGB", "rgb")):
        part = image.convert(mode).crop(box).resize((11, 14), Image.BILINEAR)
        write(part, f"{name}.{'-'.join(map(str, box))}.11x14.{planes}.u8")

for path in JPEGS:
    resize_all(path)

# Scaled decoding; a multiple of 16 on both axes, so that the scaled size is the wanted one.
def scale_all(name):
    for scale in (2, 4, 8):
        for mode, planes in (("L", "grey"), ("RGB", "rgb")):
            image = Image.open(f"{name}.jpg")
            image.draft(mode, (64 // scale, 48 // scale))
            assert image.size == (64 // scale, 48 // scale) and image.mode == mode
            write(image, f"{name}.{scale}.{planes}.draft")

for name, options in (("scaled420", dict(subsampling=2)), ("scaled422", dict(subsampling=1)), ("scaled444", dict(progressive=True, subsampling=0))):
    Image.fromarray(photo(64, 48)).save(f"{name}.jpg", quality=92, **options)
    scale_all(name)

# A kind that is left to the library; a seed of the fuzz test.
Image.fromarray(photo(24, 16)).convert("CMYK").save("cmyk.jpg", quality=90)

# Chroma halved in height alone, as 4:2:2 turned by a quarter has it (libjpeg-turbo 2.1.5's cjpeg; Pillow writes no such file).
upright = np.random.default_rng(20240302)
for name, size in (("base440", (61, 47)), ("scaled440", (64, 48))):
    pixels = photo(*size, rng=upright)
    header = f"P6 {size[0]} {size[1]} 255\n".encode()
    subprocess.run(["cjpeg", "-quality", "92", "-sample", "1x2", "-outfile", f"{name}.jpg"], input=header + pixels.tobytes(), check=True)
resize_all("base440.jpg")
scale_all("scaled440")
