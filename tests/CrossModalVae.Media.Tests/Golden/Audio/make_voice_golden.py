"""Makes the wav files and expected features beside this script, from the definitions, in double precision.

    /usr/bin/python3 make_voice_golden.py        (torch 1.13, numpy 1.24)

Only numpy, torch.stft and the wave module are used; the generator of the dither, the DC filter, the pre-emphasis and the
resampler are written out from their definitions, so that nothing is shared with the library under test.
"""

import math
import os
import wave

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
MASK = (1 << 64) - 1


def dither_noise(count):
    """xoshiro256** seeded by SplitMix64 from FNV-1a of the key, as SeededRandom.For(1, "voice dither") has it."""
    h = 14695981039346656037
    for b in b"voice dither":
        h = ((h ^ b) * 1099511628211) & MASK
    state = (0x9E3779B97F4A7C15 ^ h) & MASK
    s = []
    for _ in range(4):
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        s.append(z ^ (z >> 31))

    def rotl(x, k):
        return ((x << k) | (x >> (64 - k))) & MASK

    out = np.empty(count)
    for i in range(count):
        result = (rotl((s[1] * 5) & MASK, 7) * 9) & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 45)
        out[i] = -1 + 2 * ((result >> 11) / (1 << 53))
    return out


def voice_like(seconds, rate, seed):
    """A gliding harmonic tone with noise and a DC offset, as 16-bit integers."""
    rng = np.random.default_rng(seed)
    t = np.arange(int(seconds * rate)) / rate
    phase = 2 * np.pi * np.cumsum(120 + 30 * np.sin(2 * np.pi * 1.3 * t)) / rate
    x = sum(np.sin(k * phase) / k for k in range(1, 25) if 160 * k < 0.45 * rate)
    x = 0.2 * x * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * t)) + 0.01 * rng.standard_normal(len(t)) + 0.05
    return np.clip(np.round(32768 * x), -32768, 32767).astype("<i2")


def write_wav(name, samples, rate):
    with wave.open(os.path.join(HERE, name), "wb") as f:
        f.setnchannels(1)
        f.setsampwidth(2)
        f.setframerate(rate)
        f.writeframes(samples.tobytes())


def resample(x, from_hz, to_hz):
    """Kaiser-windowed sinc, 90 dB, pass band to 0.45 and stop band from 0.5 of the lower rate, unit gain at 0 Hz for each phase."""
    lower = min(1.0, to_hz / from_hz)
    half = 4 * math.ceil((90 - 7.95) / (2.285 * 2 * math.pi * 0.05 * lower) / 8)
    beta = 0.1102 * (90 - 8.7)
    out = np.zeros(math.ceil(len(x) * to_hz / from_hz))
    for n in range(len(out)):
        time = n * from_hz / to_hz
        base = (n * from_hz) // to_hz
        k = np.arange(base - half + 1, base + half + 1)
        t = k - time
        h = np.sinc(0.95 * lower * t) * np.i0(beta * np.sqrt(np.maximum(0, 1 - (t / half) ** 2)))
        h /= h.sum()
        inside = (k >= 0) & (k < len(x))
        out[n] = np.dot(h[inside], x[k[inside]])
    return out


def spectrum(x):
    """[297, 257] magnitudes of 48,000 samples in 16-bit scale."""
    y = np.empty(len(x))
    previous_x = previous_y = 0.0
    for n in range(len(x)):
        previous_y = x[n] - previous_x + 0.99 * previous_y
        previous_x = x[n]
        y[n] = previous_y
    y = y + 1e-6 * y.std() * dither_noise(len(y))
    z = np.concatenate([y[:1], y[1:] - 0.97 * y[:-1]])
    window = torch.hamming_window(400, periodic=True, dtype=torch.float64)
    s = torch.stft(torch.from_numpy(z), n_fft=512, hop_length=160, win_length=400, window=window, center=False, onesided=False,
                   return_complex=True)
    magnitude = s.abs().numpy().T
    assert magnitude.shape == (297, 512)
    assert np.allclose(magnitude[:, 257:], magnitude[:, 255:0:-1])
    return magnitude[:, :257]


def save(name, array):
    np.save(os.path.join(HERE, name), np.ascontiguousarray(array, dtype="<f4"))


def main():
    x = voice_like(3.2, 16000, seed=1)
    write_wav("voice16k.wav", x, 16000)
    s = spectrum(x[:48000].astype(np.float64))
    save("voice16k.every16th.npy", s[::16])
    save("voice16k.pooled.npy", np.stack([s.mean(0), s.std(0)]))

    x = voice_like(1.1, 8000, seed=2)
    write_wav("voice8k.wav", x, 8000)
    y = resample(x.astype(np.float64), 8000, 16000)
    s = spectrum(np.pad(y, (0, 48000 - len(y)), mode="reflect"))
    save("voice8k.pooled.npy", np.stack([s.mean(0), s.std(0)]))


if __name__ == "__main__":
    main()
