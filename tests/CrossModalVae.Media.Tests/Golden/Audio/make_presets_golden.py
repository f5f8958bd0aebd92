"""Makes the expected features of every voice preset beside this script, in double precision, by the published tools.

    /usr/bin/python3 make_presets_golden.py        (torch 1.13, torchaudio 0.13.1, scipy 1.10.1, numpy 1.24)

voxceleb-scipy: scipy.signal's lfilter and spectrogram in the order and with the constants of v-iashin/VoxCeleb (identification.ipynb).
vgg-matlab:     a-nagrani/VGGVox's steps (mfcc/mfccspec.m, mfcc/rm_dc_n_dither.m) written out for numpy.
kaldi-fbank:    torchaudio.compliance.kaldi.fbank.
log-mel-64/80:  clovaai/voxceleb_trainer's PreEmphasis and torchaudio.transforms.MelSpectrogram.
slaney-80:      no preset; the same transform with librosa's defaults (periodic Hann, Slaney's filters), for those options.

Clips are two of tests/fixtures/grid. The dither, random in the published codes, is the library's own sequence (make_voice_golden.py). For each
preset: NAME.every16th.npy, every 16th frame of the first clip, and NAME.pooled.npy [2 clips, mean and population deviation over time, bins]; bins
are one-sided (257) or mel bins.
"""

import os
import wave

import numpy as np
import scipy.signal
import torch
import torchaudio

from make_voice_golden import HERE, dither_noise, save, spectrum

GRID = os.path.join(HERE, "..", "..", "..", "fixtures", "grid")
CLIPS = ["s2/pwij3p/audio.wav", "x05/lwbsza/audio.wav"]
RATE = 16000


def read(clip, count):
    """The first samples of a clip in 16-bit scale; a shorter one is mirrored at its end."""
    with wave.open(os.path.join(GRID, clip), "rb") as f:
        assert (f.getnchannels(), f.getsampwidth(), f.getframerate()) == (1, 2, RATE)
        x = np.frombuffer(f.readframes(f.getnframes()), dtype="<i2").astype(np.float64)
    return x[:count] if len(x) >= count else np.pad(x, (0, count - len(x)), mode="reflect")


def voxceleb_scipy(clip):
    x = read(clip, 48000)
    x = np.append(x[0], x[1:] - 0.97 * x[:-1])
    x = scipy.signal.lfilter([1, -1], [1, -0.99], x)
    x = x + 1e-6 * np.std(x) * dither_noise(len(x))
    _, _, s = scipy.signal.spectrogram(x, RATE, "hamming", 400, 240, 512, mode="magnitude", return_onesided=False)
    s = (s * (RATE / 10)).T
    assert s.shape == (298, 512) and np.allclose(s[:, 257:], s[:, 255:0:-1])
    return s[:, :257]


def vgg_matlab(clip):
    x = read(clip, 48240)
    x = scipy.signal.lfilter([1, -1], [1, -0.99], x)
    u = (dither_noise(2 * len(x)) + 1) / 2
    x = x + 1e-6 * np.std(x, ddof=1) * (u[::2] + u[1::2] - 1)
    x = scipy.signal.lfilter([1, -0.97], 1, x)
    n = np.arange(400)
    window = 0.54 - 0.46 * np.cos(2 * np.pi * n / 399)
    frames = np.stack([x[i * 160:i * 160 + 400] * window for i in range((len(x) - 400) // 160 + 1)])
    s = np.abs(np.fft.fft(frames, 512))
    assert s.shape == (300, 512) and np.allclose(s[:, 257:], s[:, 255:0:-1])
    return s[:, :257]


def kaldi_fbank(clip):
    x = torch.from_numpy(read(clip, 48000))[None]
    s = torchaudio.compliance.kaldi.fbank(x, num_mel_bins=80, sample_frequency=RATE, dither=0.0).numpy()
    assert s.shape == (298, 80)
    return s


def mel(x, bins, window, **options):
    transform = torchaudio.transforms.MelSpectrogram(
        sample_rate=RATE, n_fft=512, win_length=400, hop_length=160, window_fn=window, wkwargs={"dtype": torch.float64}, n_mels=bins, **options)
    s = transform.double()(x)[0].numpy().T
    assert s.shape == (301, bins)
    return s


def log_mel(bins):
    def features(clip):
        x = torch.from_numpy(read(clip, 48000) / 32768)[None]
        x = torch.nn.functional.pad(x[None], (1, 0), "reflect")[0]
        x = x[:, 1:] - 0.97 * x[:, :-1]
        return np.log(mel(x, bins, torch.hamming_window) + 1e-6)

    return features


def slaney(clip):
    x = torch.from_numpy(read(clip, 48000) / 32768)[None]
    return np.log(np.maximum(mel(x, 80, torch.hann_window, norm="slaney", mel_scale="slaney"), 1e-10))


PRESETS = {
    "voxceleb-scipy": voxceleb_scipy,
    "vgg-matlab": vgg_matlab,
    "kaldi-fbank": kaldi_fbank,
    "log-mel-64": log_mel(64),
    "log-mel-80": log_mel(80),
    "slaney-80": slaney,
}


def report(clip):
    return spectrum(read(clip, 48000))


def main():
    for name, features in PRESETS.items():
        first, second = (features(clip) for clip in CLIPS)
        save(f"{name}.every16th.npy", first[::16])
        save(f"{name}.pooled.npy", np.stack([[s.mean(0), s.std(0)] for s in (first, second)]))


if __name__ == "__main__":
    main()
