using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Bench;

/// <summary>The report's MS-VAE with its loss, bare: the same as bench/rivals/train_step.py, line by line.</summary>
internal sealed class MsVaeModel : nn.Module
{
    public const int VoiceCount = 512;
    public const int FaceCount = 529;
    private const int LatentCount = 100;

    private readonly Sequential _voice = Stack(VoiceCount, 512, 512, 512);
    private readonly Linear _voiceMean = nn.Linear(512, LatentCount);
    private readonly Linear _voiceLogVariance = nn.Linear(512, LatentCount);
    private readonly Sequential _face = Stack(FaceCount, 529, 529, 257, 257);
    private readonly Linear _faceMean = nn.Linear(257, LatentCount);
    private readonly Linear _faceLogVariance = nn.Linear(257, LatentCount);
    private readonly Sequential _decoder = Stack(LatentCount, 529, 529, 529, 1041, 1041);
    private readonly Linear _output = nn.Linear(1041, FaceCount + VoiceCount);

    public MsVaeModel()
        : base(nameof(MsVaeModel)) => RegisterComponents();

    public Tensor Loss(Tensor face, Tensor voice)
    {
        long b = face.shape[0];
        var target = cat([face, voice], 1); // [B, Ff + Fv]
        var hFace = _face.call(face); // [B, 257]
        var hVoice = _voice.call(voice); // [B, 512]
        var muF = _faceMean.call(hFace); // [B, D]
        var lvF = _faceLogVariance.call(hFace); // [B, D]
        var muV = _voiceMean.call(hVoice); // [B, D]
        var lvV = _voiceLogVariance.call(hVoice); // [B, D]
        var sdF = (lvF * 0.5).exp(); // [B, D]
        var sdV = (lvV * 0.5).exp(); // [B, D]
        var z = cat([muV + (sdV * randn(b, LatentCount)), muF + (sdF * randn(b, LatentCount))], 0); // [2B, D]
        var y = _output.call(_decoder.call(z)); // [2B, Ff + Fv]
        var difference = y - cat([target, target], 0); // [2B, Ff + Fv]
        var reconstruction = (difference * difference).sum() / b; // []
        var kl = (((muF * muF) + lvF.exp() - lvF - 1).sum() + ((muV * muV) + lvV.exp() - lvV - 1).sum()) * (0.5 / b); // []
        var dMu = muV - muF; // [B, D]
        var dSd = sdV - sdF; // [B, D]
        var alignment = ((dMu * dMu) + (dSd * dSd)).sum() / b; // []
        return reconstruction + (0.1 * kl) + alignment; // []
    }

    private static Sequential Stack(int inputs, params int[] widths)
    {
        var layers = new List<nn.Module<Tensor, Tensor>>();
        foreach (int width in widths)
        {
            layers.Add(nn.Linear(inputs, width));
            layers.Add(nn.ReLU());
            inputs = width;
        }

        return nn.Sequential(layers);
    }
}
