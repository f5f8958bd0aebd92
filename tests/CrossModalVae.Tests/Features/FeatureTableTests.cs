using CrossModalVae.Features;

namespace CrossModalVae.Tests.Features;

public class FeatureTableTests
{
    [Fact]
    public void NewValues_FramesOfALargeCorpus_IsRefusedWithBothSizes()
    {
        var voice = Assert.Throws<InvalidOperationException>(() => FeatureTable.NewValues(150_000, 297 * 512, Modality.Voice));
        var face = Assert.Throws<InvalidOperationException>(() => FeatureTable.NewValues(150_000, 3 * 112 * 112, Modality.Face));

        Assert.Equal(
            "150000 clips of 152064 voice features are 22809600000 numbers; a table in memory holds at most 2147483591: "
            + "pool voices over time, take fewer bins or fewer clips; "
            + "or train from a store ('cmvae prepare', 'cmvae train --features'), whose rows stay on disk.",
            voice.Message);
        Assert.Equal(
            "150000 clips of 37632 face features are 5644800000 numbers; "
            + "a table in memory holds at most 2147483591: take smaller faces or fewer clips; "
            + "or train from a store ('cmvae prepare', 'cmvae train --features'), whose rows stay on disk.",
            face.Message);
        Assert.Equal(24, FeatureTable.NewValues(8, 3, Modality.Voice).Length);
    }
}
