namespace CrossModalVae.Recipes.Terms;

/// <summary>Which encoders learn from a teacher.</summary>
public enum DistillationStudents
{
    /// <summary>Voices and faces.</summary>
    Both,

    /// <summary>Voices alone (cross-modal emotions: the teacher sees the face, the student hears the voice).</summary>
    Voice,

    /// <summary>Faces alone.</summary>
    Face,
}

/// <summary>
/// Distillation from a teacher's logits (Hinton, Vinyals, Dean 2015; Albanie, Nagrani, Vedaldi, Zisserman 2018, across modalities): a
/// linear head on posterior means, which is no part of the model, is to give the teacher's softened distribution over its classes.
/// </summary>
public sealed record DistillationOptions : TermOptions
{
    /// <summary>
    /// The teacher's logits, JSON Lines by data-schemas/teacher-logits-line.schema.json, a line a clip or a line a frame, of which the
    /// largest of each class counts. Relative to the current folder.
    /// </summary>
    public string Logits { get; init; } = "";

    /// <summary>T, what the logits of teacher and student are divided by, above 0. Default 2.</summary>
    public double Temperature { get; init; } = 2.0;

    /// <summary>Which encoders learn. Default both.</summary>
    public DistillationStudents Students { get; init; } = DistillationStudents.Both;

    /// <summary>Whether voices and faces have the same head. Default true.</summary>
    public bool Shared { get; init; } = true;

    /// <summary>Whether training clips without logits take no part; false refuses to train. Default false.</summary>
    public bool Partial { get; init; }

    private protected override void Check(OptionFaults faults)
    {
        faults.Check(Logits.Length > 0, nameof(Logits), "empty", "must be the file of a teacher's logits");
        faults.Above(Temperature, 0);
        faults.OneOf(Students);
    }
}
