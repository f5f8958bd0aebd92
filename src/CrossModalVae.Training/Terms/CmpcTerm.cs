using CrossModalVae.Recipes.Terms;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Terms;

/// <summary>Cross-modal prototype contrast. Prototypes are found anew before each epoch, from the weights alone.</summary>
/// <remarks>
/// Deviations from the authors' code: it clusters a memory of embeddings of earlier steps (momentum 0.5), this the clips as they are scored
/// now, so that a resumed run needs no further state; it contrasts with the prototypes of the batch, this with all (Li et al. 2021,
/// equation 11); it takes the sum of the directions and over numbers of clusters in rho, this the means.
/// </remarks>
internal sealed class CmpcTerm(string name, CmpcOptions options, TermContext context) : ObjectiveTerm(name, options.Weight)
{
    /// <summary>delta and kappa of the recalibration (the authors' configuration).</summary>
    private const double Shift = -1.0;
    private const double Width = 0.1;

    private readonly Dictionary<Modality, Prototypes[]> _prototypes = [];
    private readonly Dictionary<Modality, Dictionary<string, int>> _rows = [];
    private readonly Dictionary<Modality, Tensor> _clusters = []; // [R, N] the prototype of each training clip

    /// <summary>
    /// -log(exp(x_i . y_i / tau) / sum over j of exp(x_i . y_j / tau)) of each row (Zhu et al. 2022, equation 1), [B], in nats.
    /// </summary>
    public static Tensor Instances(Tensor x, Tensor y, double temperature)
    {
        Tensor similarity = x.mm(y.t()).Over(temperature); // [B, B]
        return similarity.logsumexp(1) - similarity.diagonal(0, 0, 1); // [B]
    }

    /// <summary>
    /// -log(exp(x_i . c_s / phi_s) / sum over k of exp(x_i . c_k / phi_k)) of each row, s its prototype of the other modality (equation 4),
    /// [B], in nats.
    /// </summary>
    public static Tensor OfPrototypes(Tensor x, Prototypes prototypes, Tensor own)
    {
        Tensor scores = x.mm(prototypes.Unit.to_type(x.dtype).t()) / prototypes.Concentration.to_type(x.dtype); // [B, K]
        return scores.logsumexp(1) - scores.gather(1, own.unsqueeze(1)).squeeze(1); // [B]
    }

    /// <summary>
    /// Phi((rho - mu) / sigma) with mu = mean rho + delta std rho and sigma^2 = kappa var rho (section 3.4): a pair whose similarity falls
    /// short of its prototypes' is likely not of one person. [B].
    /// </summary>
    public static Tensor Recalibration(Tensor rho)
    {
        Tensor deviation = (rho - rho.mean()).square().mean().sqrt(); // []
        Tensor mu = rho.mean().Plus(deviation.Times(Shift)); // []
        Tensor sigma = deviation.Times(Math.Sqrt(Width)).Clamp(1e-6, float.MaxValue); // []
        return ((rho - mu) / sigma).Over(Math.Sqrt(2.0)).erf().Plus(1.0).Times(0.5); // [B]
    }

    public override void StartEpoch(int epoch, Func<Modality, TermRows> train)
    {
        Forget();
        if (epoch <= options.WarmUpEpochs)
        {
            return;
        }

        foreach (Modality modality in new[] { Modality.Voice, Modality.Face })
        {
            using var scope = NewDisposeScope();
            using IDisposable gradients = no_grad();
            TermRows rows = train(modality);
            Prototypes[] found =
            [
                .. options.Clusters.Select((k, set) => Prototypes.Find(
                    rows.Unit, k, options.PrototypeTemperature, SeededRandom.For(context.Seed, $"terms/{Name}/{modality}/{set}/{epoch}"))),
            ];
            _rows[modality] = rows.Clips.Index().ToDictionary(row => row.Item.Key, row => row.Index, StringComparer.Ordinal);
            _clusters[modality] = stack(found.Select(set => set.Nearest(rows.Unit)), 0).DetachFromDisposeScope(); // [R, N]
            _prototypes[modality] =
            [
                .. found.Select(set => new Prototypes(set.Unit.DetachFromDisposeScope(), set.Concentration.DetachFromDisposeScope())),
            ];
        }
    }

    public override TermValue? Evaluate(TermBatch batch)
    {
        if (batch.PairCount < 2)
        {
            return null;
        }

        TermRows voice = batch.Voice!.First(batch.PairCount), face = batch.Face!.First(batch.PairCount);
        Tensor ofVoice = Instances(voice.Unit, face.Unit, options.Temperature); // [B]
        Tensor ofFace = Instances(face.Unit, voice.Unit, options.Temperature); // [B]
        Tensor weights = ones_like(ofVoice); // [B]
        if (_prototypes.Count > 0)
        {
            Tensor[] voices = Own(Modality.Voice, voice), faces = Own(Modality.Face, face); // [B] each
            ofVoice = ofVoice.Plus(Mean(set => OfPrototypes(voice.Unit, _prototypes[Modality.Face][set], faces[set]))); // [B]
            ofFace = ofFace.Plus(Mean(set => OfPrototypes(face.Unit, _prototypes[Modality.Voice][set], voices[set]))); // [B]
            if (options.Recalibrated)
            {
                using IDisposable gradients = no_grad();
                Tensor agreed = Mean(set =>
                    (Chosen(Modality.Voice, set, voices) * Chosen(Modality.Face, set, faces)).sum(1)); // [B]
                weights = Recalibration((voice.Unit * face.Unit).sum(1) - agreed); // [B]
            }
        }

        return new TermValue((weights * ofVoice.Plus(ofFace)).sum().Times(0.5) / weights.sum(), batch.PairCount);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Forget();
        }

        base.Dispose(disposing);
    }

    private Tensor Mean(Func<int, Tensor> ofSet) => Enumerable.Range(0, options.Clusters.Count).Select(ofSet)
        .Aggregate(TensorArithmetic.Plus).Over(options.Clusters.Count); // [B]

    private Tensor Chosen(Modality modality, int set, Tensor[] own) =>
        _prototypes[modality][set].Unit.index_select(0, own[set]); // [B, D]

    // The prototypes of rows, [B] for each number of clusters; of a clip that is not among the training clips the nearest now.
    private Tensor[] Own(Modality modality, TermRows rows)
    {
        Tensor isKnown = tensor([.. rows.Clips.Select(clip => _rows[modality].ContainsKey(clip.Key))], device: rows.Mean.device); // [B]
        Tensor place = tensor(
            [.. rows.Clips.Select(clip => (long)_rows[modality].GetValueOrDefault(clip.Key))], device: rows.Mean.device); // [B]
        using IDisposable gradients = no_grad();
        Tensor unit = rows.Unit.to_type(ScalarType.Float32); // [B, D]
        return
        [
            .. _prototypes[modality].Select((set, index) =>
                where(isKnown, _clusters[modality][index].index_select(0, place), set.Nearest(unit))),
        ];
    }

    private void Forget()
    {
        foreach (Tensor tensor in _prototypes.Values.SelectMany(sets => sets).SelectMany(set => new[] { set.Unit, set.Concentration })
            .Concat(_clusters.Values))
        {
            tensor.Dispose();
        }

        _prototypes.Clear();
        _clusters.Clear();
        _rows.Clear();
    }
}
