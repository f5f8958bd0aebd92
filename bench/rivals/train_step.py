"""Training steps in PyTorch, what `cmvae-bench training` is compared with: the report's MS-VAE (mlp), or convolutional towers for voice and
face by InfoNCE (cnn; resnet, the light residual towers with squeeze-excitation).

Reads nothing; prints one line, "peak_mb=M batch=B threads=T steps=N steps_per_second=S cpu_ms_per_step=C torch=V". The same model, loss, clipping and
optimiser as CrossModalVae.Training's, written as one would for speed: gradients dropped and not zeroed, and on the CPU Adam without its
foreach kernels, which are slower there (--foreach 1 has them). On a GPU batches are gathered in pinned memory and sent without waiting;
bfloat16 is torch.autocast.
"""
import argparse
import resource
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
        z = torch.cat([mu_v + sd_v * torch.randn_like(mu_v), mu_f + sd_f * torch.randn_like(mu_f)], 0)
        y = self.output(self.decoder(z))
        difference = y - torch.cat([target, target], 0)
        reconstruction = (difference * difference).sum() / (b * (FACE + VOICE))
        kl = ((mu_f * mu_f + lv_f.exp() - lv_f - 1).sum() + (mu_v * mu_v + lv_v.exp() - lv_v - 1).sum()) * (0.5 / b)
        d_mu, d_sd = mu_v - mu_f, sd_v - sd_f
        alignment = (d_mu * d_mu + d_sd * d_sd).sum() / b
        return reconstruction + 0.1 * kl + alignment


def convolution(inputs, outputs, kernel, stride=1, rectified=True):
    kernel = (kernel, kernel) if isinstance(kernel, int) else kernel
    layers = [nn.Conv2d(inputs, outputs, kernel, stride, (kernel[0] // 2, kernel[1] // 2), bias=False), nn.BatchNorm2d(outputs)]
    return nn.Sequential(*layers, *([nn.ReLU(inplace=True)] if rectified else []))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.body = nn.Sequential(convolution(inputs, outputs, 3, stride), convolution(outputs, outputs, 3, rectified=False))
        self.gate = nn.Sequential(nn.Linear(outputs, max(1, outputs // 8)), nn.ReLU(), nn.Linear(max(1, outputs // 8), outputs), nn.Sigmoid())
        self.shortcut = nn.Identity() if stride == 1 and inputs == outputs else convolution(inputs, outputs, 1, stride, rectified=False)

    def forward(self, x):
        y = self.body(x)
        return (y * self.gate(y.mean((2, 3)))[:, :, None, None] + self.shortcut(x)).relu()


def residual(inputs, first_stride, last_stride):
    layers, before = [convolution(inputs, 16, 7, first_stride)], 16
    for stage, (width, count) in enumerate(zip([16, 32, 64, 128], [3, 4, 6, 3])):
        for block in range(count):
            layers.append(Block(before, width, 1 if block or not stage else last_stride if stage == 3 else 2))
            before = width
    return nn.Sequential(*layers)


class Towers(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.over_time = kind == "cnn"
        if kind == "cnn":
            self.voice = nn.Sequential(
                convolution(64, 256, (1, 5)), convolution(256, 256, (1, 3), (1, 2)), convolution(256, 256, (1, 3)), convolution(256, 384, (1, 3)))
            self.face = nn.Sequential(
                convolution(3, 32, 3, 2), convolution(32, 64, 3, 2), convolution(64, 128, 3, 2), convolution(128, 256, 3, 2))
            widths = 2 * 384, 256
        else:
            self.voice, self.face, widths = residual(1, (2, 1), 1), residual(3, (2, 2), 2), (2 * 128 * 8, 128)
        self.voice_mean, self.face_mean = nn.Linear(widths[0], 128), nn.Linear(widths[1], 128)

    def loss(self, face, voice):
        x = self.voice(voice.transpose(1, 2).unsqueeze(2 if self.over_time else 1)).flatten(1, 2)
        mean = x.mean(2, keepdim=True)
        deviation = (((x - mean) ** 2).mean(2) + 1e-5).sqrt()
        v = nn.functional.normalize(self.voice_mean(torch.cat([mean.squeeze(2), deviation], 1)))
        f = nn.functional.normalize(self.face_mean(self.face(face).mean((2, 3))))
        logits, target = v @ f.t() / 0.1, torch.arange(len(v), device=v.device)
        return (nn.functional.cross_entropy(logits, target) + nn.functional.cross_entropy(logits.t(), target)) / 2


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", choices=["mlp", "cnn", "resnet"], default="mlp")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--foreach", type=int, default=-1)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(1)
    device = torch.device(args.device)
    gpu = device.type == "cuda"
    model = (MsVae() if args.model == "mlp" else Towers(args.model)).to(device)
    count = 4096 if args.model == "mlp" else 512
    faces = torch.randn(count, FACE) if args.model == "mlp" else torch.randn(count, 3, 64, 64)
    voices = torch.randn(count, VOICE) if args.model == "mlp" else torch.randn(count, 298, 64)

    def examples(rows):
        if args.model == "mlp":
            return faces.index_select(0, rows), voices.index_select(0, rows)
        starts = torch.randint(0, voices.shape[1] - 200 + 1, (len(rows),)).tolist()
        return faces.index_select(0, rows), torch.stack([voices[row, start:start + 200] for row, start in zip(rows.tolist(), starts)])

    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, foreach=gpu if args.foreach < 0 else bool(args.foreach))

    def step():
        rows = torch.randint(0, count, (args.batch,))
        optimiser.zero_grad(set_to_none=True)
        batch = examples(rows)
        if gpu:
            batch = [x.pin_memory().to(device, non_blocking=True) for x in batch]
        with torch.autocast(device.type, torch.bfloat16, enabled=args.precision == "bfloat16"):
            loss = model.loss(*batch)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()

    for _ in range(5):
        step()
    wait = torch.cuda.synchronize if gpu else lambda: None
    wait()
    steps, start, cpu = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - start < args.seconds:
        step()
        steps += 1
    wait()
    rate = steps / (time.perf_counter() - start)
    cpu = (time.process_time() - cpu) * 1000 / steps
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak_mb={peak:.0f} batch={args.batch} threads={args.threads} steps={steps} steps_per_second={rate:.3f} cpu_ms_per_step={cpu:.3f} torch={torch.__version__}")


if __name__ == "__main__":
    main()
