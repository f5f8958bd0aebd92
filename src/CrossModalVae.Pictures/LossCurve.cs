namespace CrossModalVae.Pictures;

/// <summary>One term of a loss, or another figure, over the epochs of a training, for <see cref="LossPicture"/>.</summary>
/// <param name="Name">What its panel is called.</param>
/// <param name="Train">Its value in every epoch on the training clips; null where there is none.</param>
/// <param name="Validation">Its value after every epoch on the validation clips; null where there is none.</param>
public sealed record LossCurve(string Name, IReadOnlyList<double?> Train, IReadOnlyList<double?> Validation);
