using CrossModalVae.Clustering;
using CrossModalVae.Files;
using ScottPlot;

namespace CrossModalVae.Pictures;

/// <summary>
/// HDBSCAN's condensed tree (Campello et al. 2015, figure 3; McInnes, Healy 2017): from the distance at which all points are one cluster
/// down to 0, every cluster as wide as it has points there. A cluster that was chosen has a colour; what is grey belongs to none.
/// </summary>
public static class CondensedTreePicture
{
    /// <summary>The most clusters that have a line of their own in the legend.</summary>
    public const int LargestLegendCount = 15;

    /// <summary>Draws a tree.</summary>
    /// <param name="tree">The edges, as <see cref="HdbscanResult.CondensedTree"/> has them.</param>
    /// <param name="labels">The cluster of each point, -1 for none.</param>
    /// <param name="options">Size and title; null for the default, 780 x 520.</param>
    /// <exception cref="ArgumentException">There is no point, a point lacks its edge, or an option is out of range.</exception>
    public static Picture Draw(IReadOnlyList<CondensedEdge> tree, IReadOnlyList<int> labels, PictureOptions? options = null)
    {
        options = PictureOptions.Checked(options);
        DataCheck.Any(tree, nameof(tree));
        DataCheck.Any(labels, nameof(labels));
        int rows = tree.Count(edge => edge.Child < labels.Count);
        if (rows != labels.Count)
        {
            throw new ArgumentException($"'tree' has edges of {rows} points; must have {labels.Count}, as there are labels.", nameof(tree));
        }

        var limbs = new Limbs(tree, labels);
        using var chart = new Chart(
            options,
            (780, 520),
            "HDBSCAN's condensed tree",
            Axis.Covering("points", [0, labels.Count]),
            Axis.Covering("distance at which they join", [limbs.Largest], fromZero: true) with { Low = 0, High = 1.08 * limbs.Largest });
        FillLegend(chart.Legend, labels);
        foreach ((IReadOnlyList<(double X, double Y)> outline, int label) in limbs.Outlines())
        {
            chart.Panel.Area(outline, label < 0 ? Palette.Pale : Look(label).Fill);
            chart.Panel.Curve([.. outline, outline[0]], Palette.Stroke(Palette.White, 0.6), "limb");
        }

        return chart.Paint();
    }

    private static MarkLook Look(int label) => Palette.Mark(label % Palette.Colours.Count);

    private static void FillLegend(SideLegend legend, IReadOnlyList<int> labels)
    {
        (int Label, int Count)[] clusters =
        [
            .. labels.CountBy(label => label).Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key),
        ];
        (int Label, int Count)[] chosen = [.. clusters.Where(cluster => cluster.Label >= 0)];
        legend.Heading(Counted.Of(chosen.Length, "cluster"));
        foreach ((int label, int count) in chosen.Take(LargestLegendCount))
        {
            legend.Mark($"{label}: {Counted.Of(count, "point")}", MarkerShape.FilledCircle, Look(label));
        }

        if (chosen.Length > LargestLegendCount)
        {
            legend.Heading(Invariant($"and {chosen.Length - LargestLegendCount} more"));
        }

        foreach ((_, int count) in clusters.Where(cluster => cluster.Label < 0))
        {
            legend.Mark($"in none: {Counted.Of(count, "point")}", MarkerShape.FilledCircle, MarkLook.Pale);
        }
    }

    /// <summary>The clusters of a tree as areas.</summary>
    private sealed class Limbs
    {
        private readonly IReadOnlyList<int> _labels;
        private readonly Dictionary<int, CondensedEdge[]> _leaving; // by cluster, the farthest first
        private readonly int _root;

        public Limbs(IReadOnlyList<CondensedEdge> tree, IReadOnlyList<int> labels)
        {
            (_labels, _root) = (labels, labels.Count);
            _leaving = tree.GroupBy(edge => edge.Parent).ToDictionary(own => own.Key, own => own.OrderBy(edge => edge.Lambda).ToArray());
            Largest = tree.Where(edge => edge.Lambda > 0).Select(Distance).DefaultIfEmpty(1).Max();
            Largest = Largest > 0 ? Largest : 1;
        }

        /// <summary>The largest distance of an edge.</summary>
        public double Largest { get; }

        /// <summary>Each cluster's outline and its label, parents first.</summary>
        public IEnumerable<(IReadOnlyList<(double X, double Y)> Outline, int Label)> Outlines()
        {
            var open = new Queue<(int Cluster, double Middle, int Size, double Top)>();
            open.Enqueue((_root, _labels.Count / 2.0, _labels.Count, 1.04 * Largest));
            while (open.TryDequeue(out (int Cluster, double Middle, int Size, double Top) limb))
            {
                CondensedEdge[] leaving = _leaving.GetValueOrDefault(limb.Cluster, []);
                var widths = new List<(double Width, double At)> { (limb.Size, limb.Top) };
                double left = limb.Size;
                foreach (IGrouping<double, CondensedEdge> together in leaving.GroupBy(Distance))
                {
                    widths.Add((left, together.Key));
                    CondensedEdge[] parts = [.. together.Where(edge => edge.Child > _root).OrderByDescending(edge => edge.ChildSize)];
                    double place = limb.Middle - (parts.Sum(part => part.ChildSize) / 2.0);
                    foreach (CondensedEdge part in parts)
                    {
                        open.Enqueue((part.Child, place + (part.ChildSize / 2.0), part.ChildSize, together.Key));
                        place += part.ChildSize;
                    }

                    left -= together.Sum(edge => edge.ChildSize);
                    widths.Add((left, together.Key));
                }

                yield return (
                    [
                        .. widths.Select(width => (limb.Middle - (width.Width / 2), width.At)),
                        .. widths.AsEnumerable().Reverse().Select(width => (limb.Middle + (width.Width / 2), width.At)),
                    ],
                    LabelOf(limb.Cluster));
            }
        }

        private double Distance(CondensedEdge edge) =>
            edge.Lambda > 0 ? Math.Min(1 / edge.Lambda, Largest > 0 ? Largest : double.MaxValue) : Largest;

        // Of the rows that leave it, or leave what it splits into; -1 where they are not of one cluster.
        private int LabelOf(int cluster)
        {
            int[] labels =
            [
                .. _leaving.GetValueOrDefault(cluster, [])
                    .Select(edge => edge.Child < _root ? _labels[edge.Child] : LabelOf(edge.Child)).Distinct(),
            ];
            return labels.Length == 1 ? labels[0] : -1;
        }
    }
}
