using System.Collections;
using System.Reflection;
using CrossModalVae.Baselines;
using CrossModalVae.Clustering;
using CrossModalVae.Clusters;
using CrossModalVae.Evaluation;
using CrossModalVae.Metrics;
using CrossModalVae.Projection;
using MathNet.Numerics.LinearAlgebra;

namespace CrossModalVae.Tests;

/// <summary>Results are immutable (CONVENTIONS 4): nothing that they hand out can be cast to something that can be written to.</summary>
public class ImmutableResultTests
{
    private static readonly float[] Values = [.. Enumerable.Range(0, 60).Select(i => (float)Math.Sin(i * i))];

    private static readonly TSneOptions Quick = new() { Perplexity = 5, IterationCount = 5, ExaggeratedIterationCount = 2 };

    public static TheoryData<string> Names => [.. Results.Keys.Order(StringComparer.Ordinal)];

    private static Dictionary<string, Func<object>> Results { get; } = new()
    {
        [nameof(DbscanResult)] = () => new Dbscan(new DbscanOptions { Eps = 0.5, MinSamples = 2 }).Fit(Values, 30, 2),
        [nameof(HdbscanResult)] = () => new Hdbscan(new HdbscanOptions { MinClusterSize = 3 }).Fit(Values, 30, 2),
        [nameof(HdbscanPrediction)] = () => new Hdbscan(new HdbscanOptions { MinClusterSize = 3 }).Fit(Values, 30, 2).Predict(Values, 30),
        [nameof(ClusterAssignment)] = () => new ClusteringOptions { Eps = 0.5 }.Fit(Values, 30, 2),
        [nameof(RocCurve)] = () => RocCurve.Compute([1, 2, 3], [true, false, true]),
        [nameof(TSneResult)] = () => new TSne(Quick).Fit(Values, 30, 2),
        [nameof(PrincipalComponents)] = () => PrincipalComponents.Fit(Values, 30, 2, 2),
        [nameof(CanonicalCorrelation)] = FitViews,
    };

    private static CanonicalCorrelation FitViews()
    {
        Matrix<double> view = Matrix<double>.Build.Dense(30, 2, (row, column) => Values[(2 * row) + column]);
        PrincipalComponents components = PrincipalComponents.Fit(view, 2);
        return CanonicalCorrelation.Fit(view, view, components, components, 2);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Properties_OfAResult_CannotBeWrittenThrough(string name)
    {
        object result = Results[name]();

        Assert.Equal(name, result.GetType().Name);
        Assert.All(
            result.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance),
            property => AssertReadOnly(property.Name, property.GetValue(result)));
    }

    [Fact]
    public void Lists_OfTheProtocol_CannotBeWrittenThrough()
    {
        AssertReadOnly(nameof(Strata), Strata.All);
        AssertReadOnly(nameof(EvaluationMetrics), EvaluationMetrics.All);
        AssertReadOnly(nameof(RetrievalMetric), RetrievalMetric.All);
    }

    private static void AssertReadOnly(string name, object? value)
    {
        Assert.False(value is Array, $"{name} hands out its array.");
        if (value is IList list)
        {
            Assert.True(list.IsReadOnly, $"{name} hands out its list.");
            Assert.All(list.Cast<object>(), item => AssertReadOnly(name, item));
        }
    }
}
