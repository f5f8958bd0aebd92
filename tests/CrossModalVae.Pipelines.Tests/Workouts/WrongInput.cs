using Microsoft.ML;

namespace CrossModalVae.Pipelines.Tests.Workouts;

/// <summary>An input that an estimator must refuse, and the sentences it must refuse it with.</summary>
/// <param name="Shape">The promised schema.</param>
/// <param name="View">The data.</param>
/// <param name="ShapeMessage">At GetOutputSchema; null where a promised schema cannot tell, because it knows no vector lengths.</param>
/// <param name="Message">At Fit.</param>
/// <param name="TransformMessage">At Transform, which may know more than Fit: the length of what was fitted.</param>
internal sealed record WrongInput(SchemaShape Shape, IDataView View, string? ShapeMessage, string Message, string TransformMessage)
{
    public static WrongInput Of<TRow>(MLContext ml, string? shapeMessage, string message, string? transformMessage = null)
        where TRow : class, new() =>
        new(
            EstimatorWorkout.ShapeOf<TRow>(ml),
            ml.Data.LoadFromEnumerable(new[] { new TRow() }),
            shapeMessage,
            message,
            transformMessage ?? message);
}
