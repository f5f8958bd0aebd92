"""The MS-VAE's training step in PyTorch: what `cmvae-bench training` is compared with.

Reads nothing; prints one line, "batch=B threads=T steps=N steps_per_second=S cpu_ms_per_step=C torch=V". The same model, loss, clipping and
optimiser as CrossModalVae.Training's, written as one would for speed: gradients dropped and not zeroed, and Adam without its foreach kernels,
which are slower on the CPU (--foreach 1 has them).
"""
import argparse
import time

import torch
from torch import nn

VOICE, FACE, LATENT = 512, 529, 100
VOICE_HIDDEN, FACE_HIDDEN, DECODER_HIDDEN = [512, 512, 512], [529, 529, 257, 257], [529, 529, 529, 1041, 1041]


def stack(inputs, widths):
    layers = []
    for width in widths:
        layers += [nn.Linear(inputs, width), nn.ReLU()]
        inputs = width
    return nn.Sequential(*layers)


class Encoder(nn.Module):
    def __init__(self, inputs, widths):
        super().__init__()
        self.hidden = stack(inputs, widths)
        self.mean = nn.Linear(widths[-1], LATENT)
        self.log_variance = nn.Linear(widths[-1], LATENT)

    def forward(self, x):
        h = self.hidden(x)
        return self.mean(h), self.log_variance(h)


class MsVae(nn.Module):
    def __init__(self):
        super().__init__()
        self.voice = Encoder(VOICE, VOICE_HIDDEN)
        self.face = Encoder(FACE, FACE_HIDDEN)
        self.decoder = stack(LATENT, DECODER_HIDDEN)
        self.output = nn.Linear(DECODER_HIDDEN[-1], FACE + VOICE)

    def loss(self, face, voice):
        b = face.shape[0]
        target = torch.cat([face, voice], 1)
        mu_f, lv_f = self.face(face)
        mu_v, lv_v = self.voice(voice)
        sd_f, sd_v = (lv_f * 0.5).exp(), (lv_v * 0.5).exp()
        z = torch.cat([mu_v + sd_v * torch.randn(b, LATENT), mu_f + sd_f * torch.randn(b, LATENT)], 0)
        y = self.output(self.decoder(z))
        difference = y - torch.cat([target, target], 0)
        reconstruction = (difference * difference).sum() / (b * (FACE + VOICE))
        kl = ((mu_f * mu_f + lv_f.exp() - lv_f - 1).sum() + (mu_v * mu_v + lv_v.exp() - lv_v - 1).sum()) * (0.5 / b)
        d_mu, d_sd = mu_v - mu_f, sd_v - sd_f
        alignment = (d_mu * d_mu + d_sd * d_sd).sum() / b
        return reconstruction + 0.1 * kl + alignment


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--foreach", type=int, default=0)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(1)
    model = MsVae()
    faces, voices = torch.randn(4096, FACE), torch.randn(4096, VOICE)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, foreach=bool(args.foreach))

    def step():
        rows = torch.randint(0, 4096, (args.batch,))
        optimiser.zero_grad(set_to_none=True)
        loss = model.loss(faces.index_select(0, rows), voices.index_select(0, rows))
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()

    for _ in range(5):
        step()
    steps, start, cpu = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - start < args.seconds:
        step()
        steps += 1
    rate = steps / (time.perf_counter() - start)
    cpu = (time.process_time() - cpu) * 1000 / steps
    print(f"batch={args.batch} threads={args.threads} steps={steps} steps_per_second={rate:.3f} cpu_ms_per_step={cpu:.3f} torch={torch.__version__}")


if __name__ == "__main__":
    main()
