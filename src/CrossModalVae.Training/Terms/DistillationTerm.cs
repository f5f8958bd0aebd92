using CrossModalVae.Corpora;
using CrossModalVae.Recipes.Terms;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Terms;

/// <summary>The softened distributions of a teacher, by a linear head of each student, or one for both.</summary>
internal sealed class DistillationTerm : ObjectiveTerm
{
    private readonly DistillationOptions _options;
    private readonly TeacherLogits _teacher;

    public DistillationTerm(string name, DistillationOptions options, TermContext context)
        : base(name, options.Weight)
    {
        _options = options;
        _teacher = TeacherLogits.Read(options.Logits);
        int without = context.Train.Clips.Count(clip => Learns(clip) && !_teacher.OfClips.ContainsKey(clip.Key));
        int with = context.Train.Clips.Count(clip => Learns(clip) && _teacher.OfClips.ContainsKey(clip.Key));
        if (with == 0 || (without > 0 && !options.Partial))
        {
            Clip? first = context.Train.Clips.FirstOrDefault(clip => Learns(clip) && !_teacher.OfClips.ContainsKey(clip.Key));
            throw new InvalidDataException(
                $"Term 'distillation': {options.Logits} has logits of {with} of the {with + without} training clips that are to learn"
                + (first is null ? "." : $", none of clip '{first.Key}'; expected all of them, or some with 'partial' true."));
        }

        foreach (string prefix in Prefixes(options.Shared))
        {
            AddWeights(context, $"{prefix}weight", _teacher.Classes, context.Dimension); // [C, D]
            AddWeights(context, $"{prefix}bias", 1, _teacher.Classes); // [1, C]
        }
    }

    /// <inheritdoc/>
    public override string DataHash => _teacher.Hash;

    /// <summary>
    /// T^2 times the mean of KL(softmax(t / T) || softmax(s / T)) of teacher and student logits, [B, C] each, in nats (Hinton et al. 2015,
    /// section 2: T^2 keeps the gradient's size whatever T is).
    /// </summary>
    public static Tensor Loss(Tensor student, Tensor teacher, double temperature)
    {
        Tensor p = LogSoftmax(teacher.Over(temperature)), q = LogSoftmax(student.Over(temperature)); // [B, C] each
        return (p.exp() * (p - q)).sum(1).mean().Times(temperature * temperature); // []

        static Tensor LogSoftmax(Tensor logits) => logits - logits.logsumexp(1, keepdim: true);
    }

    public override TermValue? Evaluate(TermBatch batch) =>
        Mean(batch.Modalities.Where(entry => Learns(entry.Modality)).Select(entry => Evaluate(entry.Modality, entry.Rows)));

    private bool Learns(Clip clip) =>
        (clip.Voice is not null && Learns(Modality.Voice)) || (clip.Faces.Count > 0 && Learns(Modality.Face));

    private bool Learns(Modality modality) => _options.Students switch
    {
        DistillationStudents.Voice => modality == Modality.Voice,
        DistillationStudents.Face => modality == Modality.Face,
        _ => true,
    };

    private TermValue? Evaluate(Modality modality, TermRows rows)
    {
        int[] known = [.. Enumerable.Range(0, rows.Count).Where(row => _teacher.OfClips.ContainsKey(rows.Clips[row].Key))];
        if (known.Length == 0)
        {
            return null;
        }

        string prefix = Prefix(modality, _options.Shared);
        Device device = rows.Mean.device;
        Tensor x = rows.Mean.index_select(0, tensor(known, device: device)); // [K, D]
        Tensor student = x.mm(Weights($"{prefix}weight").t()).Plus(Weights($"{prefix}bias")); // [K, C]
        float[] logits = [.. known.SelectMany(row => _teacher.OfClips[rows.Clips[row].Key])];
        Tensor teacher = tensor(logits, [known.Length, _teacher.Classes], device: device); // [K, C]
        return new TermValue(Loss(student, teacher.to_type(x.dtype), _options.Temperature), known.Length);
    }
}
