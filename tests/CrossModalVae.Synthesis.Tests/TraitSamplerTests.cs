using CrossModalVae.Corpora;

namespace CrossModalVae.Synthesis.Tests;

public class TraitSamplerTests
{
    // Four standard errors of a correlation, or of a mean, over 4,000 people.
    private const double Tolerance = 4 / 63.2;

    private static readonly IdentityTraits[] Crowd = People.Sample(4_000);

    [Fact]
    public void Sample_SharedTraits_AreCorrelatedAsStated()
    {
        var stated = new SyntheticCorrelations();

        Assert.Equal(stated.Size, Across(t => t.Size), Tolerance);
        Assert.Equal(stated.Age, Across(t => t.Age), Tolerance);
        Assert.Equal(stated.Build, Across(t => t.Build), Tolerance);
        Assert.Equal(stated.Origin, Across(t => t.Origin), Tolerance);
        Assert.All(Crowd, p => Assert.Equal(p.Voice.Shared.Sex, p.Face.Shared.Sex));
        Assert.Equal(0.5, Crowd.Average(p => p.Voice.Shared.Sex == Sex.Male ? 1.0 : 0.0), Tolerance);
    }

    [Fact]
    public void Sample_DifferentTraits_AreIndependent()
    {
        Func<SharedTraits, double>[] traits = [t => t.Sex == Sex.Male ? 1 : 0, t => t.Size, t => t.Age, t => t.Build, t => t.Origin];

        for (int a = 0; a < traits.Length; a++)
        {
            for (int b = 0; b < traits.Length; b++)
            {
                if (a != b)
                {
                    double r = Statistics.Correlation(
                        [.. Crowd.Select(p => traits[a](p.Voice.Shared))], [.. Crowd.Select(p => traits[b](p.Face.Shared))]);
                    Assert.InRange(r, -Tolerance, Tolerance);
                }
            }
        }
    }

    [Fact]
    public void Sample_OwnTraits_TellNothingAboutTheOtherModality()
    {
        Func<VoiceTraits, double>[] voice = [v => v.Pitch, v => v.PitchRange, v => v.SpeakingRate, v => v.Nasality];
        Func<FaceTraits, double>[] face =
        [
            f => f.NoseSize, f => f.EyeSpacing, f => f.LipFullness, f => f.BrowWeight, f => f.HairColour, f => f.HairLength,
            f => f.HairVolume, f => f.EyeColour, f => f.Beard,
        ];

        Assert.All(voice, v => Assert.All(face, f => Assert.InRange(
            Statistics.Correlation([.. Crowd.Select(p => v(p.Voice))], [.. Crowd.Select(p => f(p.Face))]), -Tolerance, Tolerance)));
    }

    [Fact]
    public void Sample_Splits_HaveTheirSharesExactly()
    {
        Assert.Equal(2_800, Crowd.Count(p => p.Split == CorpusSplit.Train));
        Assert.Equal(400, Crowd.Count(p => p.Split == CorpusSplit.Validation));
        Assert.Equal(800, Crowd.Count(p => p.Split == CorpusSplit.Test));
    }

    [Fact]
    public void Sample_MorePeople_KeepsTheFirstOnes()
    {
        IdentityTraits[] few = People.Sample(5);

        Assert.Equal(few.Select(p => (p.Identity, p.Voice, p.Face)), Crowd.Take(5).Select(p => (p.Identity, p.Voice, p.Face)));
    }

    [Fact]
    public void Sample_AgeAndRegion_LieInTheirRanges()
    {
        Assert.All(Crowd, p => Assert.InRange(p.AgeYears, 18, 80));
        Assert.Equal(["middle", "north", "south"], Crowd.Select(p => p.Region).Distinct().Order());
    }

    private static double Across(Func<SharedTraits, double> trait) =>
        Statistics.Correlation([.. Crowd.Select(p => trait(p.Voice.Shared))], [.. Crowd.Select(p => trait(p.Face.Shared))]);
}
