using CrossModalVae.Manifolds;
using CrossModalVae.Pictures;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Voices and faces in one plane, as SVG and PNG.</summary>
internal static class ManifoldPictures
{
    internal const string Name = "manifold";

    internal static void Write(ProjectionRecord projection, string folder, string prefix = "")
    {
        // Principal components mean something along each axis; t-SNE's axes mean nothing.
        bool named = projection.Method == ProjectionMethod.Pca;
        ManifoldPicture.Draw(
            [.. projection.Rows.Select(row => new ManifoldPoint(row.X, row.Y, row.Identity, row.Modality))],
            xLabel: named ? "first principal component" : "",
            yLabel: named ? "second principal component" : "").SaveBoth(folder, prefix + Name);
    }
}
