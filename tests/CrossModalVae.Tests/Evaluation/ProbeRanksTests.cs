using CrossModalVae.Evaluation;
using CrossModalVae.Numerics;

namespace CrossModalVae.Tests.Evaluation;

public class ProbeRanksTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(40, 1, 1000)]
    [InlineData(200, 17, 5)]
    [InlineData(200, 60, 1)]
    [InlineData(300, 300, 20)]
    public void Of_SeededScores_AreTheRanksOfASortedList(int count, int relevantCount, int distinctScores)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new SeededRandom(seed);
            // few distinct ones: ties
            float[] scores = [.. Enumerable.Range(0, count).Select(_ => (float)random.NextInt32(distinctScores))];
            int[] tieOrder = Shuffled(count, random);
            int[] relevant = Shuffled(count, random)[..relevantCount];

            int[] ranks = ProbeRanks.Ranks(scores, relevant, tieOrder);

            int[] sorted = [.. Enumerable.Range(0, count).OrderByDescending(i => scores[i]).ThenBy(i => tieOrder[i])];
            Assert.Equal(Enumerable.Range(0, count).Where(i => relevant.Contains(sorted[i])).Select(i => i + 1), ranks);
        }
    }

    private static int[] Shuffled(int count, SeededRandom random)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle(order.AsSpan());
        return order;
    }
}
