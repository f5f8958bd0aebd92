"""Voice features in Python: what `cmvae-bench voice` is compared with.

    voice_features.py --way numpy|scipy|torch|torchaudio --chain plain|full --list FILES.txt --processes P [--probe]

Reads 16-bit mono wav files of one length and makes [frames, 512] float32 features of each, as CrossModalVae's VoiceFrontEnd does; chain `plain` is the
16-bit scale, a periodic Hamming window of 400 samples, a hop of 160 and the two-sided magnitude of a 512-point FFT; `full` adds the DC filter,
dither and pre-emphasis before, and each bin's normalisation over time after. Every way is written as one would for speed: float32 throughout, no copies
that can be spared, one FFT call per clip, the distinct half computed and mirrored, buffers reused, one process a core and one thread a process. What was
tried and is slower on the reference machine: one process with threads of its own, several clips per call, the two-sided transform.

A server: each line "run" on stdin is answered by the seconds that all files took (start-up and warm-up are not counted), "save PATH" by "ok" once the
first files' features lie in PATH (.npy). With --probe it prints the versions and ends.
"""
import argparse
import multiprocessing
import os
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")
import numpy as np  # noqa: E402

FFT, WINDOW, HOP, BINS = 512, 400, 160, 257
DC, DITHER, EMPHASIS = 0.99, 1e-6, 0.97
SAVED = 8


def hamming():
    return (0.54 - 0.46 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)).astype(np.float32)


class Numpy:
    """numpy and, for the recursive filter only, scipy.signal; numpy's FFT works in double precision whatever it is given."""

    def __init__(self, full):
        self.full = full
        self.window = np.zeros(FFT, np.float32)
        self.window[(FFT - WINDOW) // 2:(FFT + WINDOW) // 2] = hamming()
        self.frames = self.out = None
        if full:
            from scipy.signal import lfilter
            self.lfilter = lfilter
            self.b, self.a = np.array([1, -1], np.float32), np.array([1, -DC], np.float32)
            self.random = np.random.default_rng(1)

    def version(self):
        return f"numpy {np.__version__}"

    def transform(self, frames):
        return np.fft.rfft(frames).astype(np.complex64)

    def __call__(self, path):
        # What the wave module does, without its checks: every file here has the plain 44-byte header.
        x = np.fromfile(path, "<i2", offset=44).astype(np.float32)
        if self.full:
            x = self.lfilter(self.b, self.a, x)
            noise = self.random.random(x.shape, np.float32)
            noise -= 0.5
            noise *= 2 * DITHER * x.std()
            x += noise
            x[1:] -= EMPHASIS * x[:-1]
        if self.frames is None:
            count = (len(x) - FFT) // HOP + 1
            self.frames, self.out = np.empty((count, FFT), np.float32), np.empty((count, FFT), np.float32)
        np.multiply(np.lib.stride_tricks.as_strided(x, self.frames.shape, (4 * HOP, 4), writeable=False), self.window, out=self.frames)
        magnitude = self.out[:, :BINS]
        np.abs(self.transform(self.frames), out=magnitude)
        if self.full:
            magnitude -= magnitude.mean(0)
            magnitude /= np.sqrt(np.einsum("ij,ij->j", magnitude, magnitude) / len(magnitude))
        self.out[:, BINS:] = magnitude[:, BINS - 2:0:-1]
        return self.out


class Scipy(Numpy):
    """As numpy, with scipy.fft, which has a single-precision transform of real input over several frames at once."""

    def __init__(self, full):
        super().__init__(full)
        import scipy
        import scipy.fft
        self.scipy = scipy

    def version(self):
        return f"scipy {self.scipy.__version__}"

    def transform(self, frames):
        return self.scipy.fft.rfft(frames, overwrite_x=True)


class Torch:
    """torch.stft; the recursive filter is torchaudio's, as torch has none, or scipy's where torchaudio is absent."""

    def __init__(self, full):
        import torch
        torch.set_num_threads(1)
        torch.set_grad_enabled(False)
        torch.manual_seed(1)
        self.torch, self.full, self.out = torch, full, None
        self.window = torch.from_numpy(hamming())
        self.b, self.a = torch.tensor([1.0, -1.0]), torch.tensor([1.0, -DC])
        if full:
            try:
                from torchaudio.functional import lfilter
                self.filter = lambda x: lfilter(x, self.a, self.b, clamp=False)
            except ImportError:
                from scipy.signal import lfilter
                b, a = self.b.numpy(), self.a.numpy()
                self.filter = lambda x: torch.from_numpy(lfilter(b, a, x.numpy()))

    def version(self):
        return f"torch {self.torch.__version__}"

    def load(self, path):
        return self.torch.from_numpy(np.fromfile(path, "<i2", offset=44)).float()

    def magnitude(self, x):
        return self.torch.stft(x, FFT, HOP, WINDOW, self.window, center=False, return_complex=True).abs()  # [bins, frames]

    def __call__(self, path):
        torch = self.torch
        x = self.load(path)
        if self.full:
            x = self.filter(x)
            x = x + (torch.rand(x.shape) - 0.5) * (2 * DITHER * x.std(unbiased=False))
            x = torch.cat((x[:1], x[1:] - EMPHASIS * x[:-1]))
        magnitude = self.magnitude(x)
        if self.full:
            deviation, mean = torch.std_mean(magnitude, 1, unbiased=False, keepdim=True)
            magnitude = (magnitude - mean) / deviation
        if self.out is None:
            self.out = torch.empty((magnitude.shape[1], FFT))
        distinct = magnitude.T
        self.out[:, :BINS] = distinct
        self.out[:, BINS:] = distinct[:, 1:BINS - 1].flip(1)
        return self.out.numpy()


class Torchaudio(Torch):
    """torchaudio's own loader and Spectrogram."""

    def __init__(self, full):
        super().__init__(full)
        import torchaudio
        self.torchaudio = torchaudio
        self.spectrogram = torchaudio.transforms.Spectrogram(
            FFT, WINDOW, HOP, window_fn=lambda _: self.window, power=1, center=False)

    def version(self):
        return f"torchaudio {self.torchaudio.__version__}"

    def load(self, path):
        return self.torchaudio.load(path, normalize=False)[0][0].float()

    def magnitude(self, x):
        return self.spectrogram(x)


WAYS = {"numpy": Numpy, "scipy": Scipy, "torch": Torch, "torchaudio": Torchaudio}
extract = None


def start(way, full):
    global extract
    extract = WAYS[way](full)


def work(paths):
    for path in paths:
        extract(path)
    return len(paths)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--way", choices=WAYS, required=True)
    parser.add_argument("--chain", choices=["plain", "full"], default="full")
    parser.add_argument("--list")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--probe", action="store_true")
    args = parser.parse_args()
    if args.probe:
        print(WAYS[args.way](args.chain == "full").version())
        return
    with open(args.list, encoding="utf-8") as lines:
        files = lines.read().split("\n")
    with multiprocessing.Pool(args.processes, start, (args.way, args.chain == "full")) as pool:
        # Enough pieces for processes that are not equally fast, few enough that handing them out costs nothing.
        size = max(1, len(files) // (8 * args.processes))
        pieces = [files[i:i + size] for i in range(0, len(files), size)]
        pool.map(work, pieces, chunksize=1)
        for line in sys.stdin:
            command, _, argument = line.strip().partition(" ")
            if command == "save":
                start(args.way, args.chain == "full")
                np.save(argument, np.stack([np.array(extract(path)).ravel() for path in files[:SAVED]]))
                print("ok", flush=True)
            else:
                begun = time.perf_counter()
                pool.map(work, pieces, chunksize=1)
                print(time.perf_counter() - begun, flush=True)


if __name__ == "__main__":
    main()
