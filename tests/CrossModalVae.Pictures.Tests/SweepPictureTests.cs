using ScottPlot;

namespace CrossModalVae.Pictures.Tests;

public class SweepPictureTests
{
    private static readonly SweepMark[] Marks =
        [new(0.6, 0.02, true), new(0.7, 0.01, true), new(0.55, null, false), new(0.65, 0.03, true)];

    private static readonly SweepPanel Rate = new("training.learning_rate", SweepAxis.Log, [1e-4, 1e-3, 1e-2, 3e-3], []);

    private static readonly SweepPanel Term = new("objective.alignment", SweepAxis.Words, [0, 1, 1, 0], ["none", "gaussian-wasserstein"]);

    private static readonly SweepPanel Dropout = new("model.dropout", SweepAxis.Linear, [0, 0.1, 0.2, 0.5], []);

    [Fact]
    public void Draw_Options_HaveAPanelEachWithEveryTrial()
    {
        Picture picture = SweepPicture.Draw([Rate, Term, Dropout], Marks, best: 1);

        Assert.Equal(
            ["training.learning_rate", "objective.alignment", "model.dropout"],
            picture.Panels.Select(panel => panel.Plot.Axes.Title.Label.Text));
        Assert.Empty(new[] { "Sweep", "trained for all epochs", "stopped before", "best", "none" }.Except(picture.Texts()));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(4, picture.Marks(i).Length);
            Assert.Equal(3, picture.Curves("error", i).Length);
            Assert.Single(picture.Marks(i), mark => mark.Style.Shape == MarkerShape.FilledDiamond);
        }

        // Of 1e-4 to 1e-2 with 4 % room, a decade is 1 / (2 * 1.08) of the axis.
        double[] x = [.. picture.Marks(0).Select(mark => mark.X).Order()];
        Assert.Equal(1 / 2.16, x[1] - x[0], 1e-9);
        Assert.Contains("0.001", picture.Panels[0].Plot.Axes.Bottom.TickTexts());
        Assert.Empty(picture.Collisions());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    public void Draw_AnyNumberOfPanels_NothingOverlaps(int count)
    {
        SweepPanel[] panels = [.. Enumerable.Range(0, count).Select(i => new[] { Rate, Term, Dropout }[i % 3])];

        Picture picture = SweepPicture.Draw(panels, Marks);

        Assert.Equal(count, picture.Panels.Count);
        Assert.Empty(picture.Collisions());
    }

    [Fact]
    public void Draw_BadData_IsRefused()
    {
        Assert.Equal("'marks' is empty; must have at least one entry to draw. (Parameter 'marks')", Refusal([Rate], []));
        Assert.Equal(
            "'model.dropout' has 4 values; must have 1, one a trial. (Parameter 'model.dropout')", Refusal([Dropout], Marks[..1]));
        Assert.Equal(
            "'model.dropout' has 0 on a logarithmic axis; must be above 0. (Parameter 'model.dropout')",
            Refusal([Dropout with { Axis = SweepAxis.Log }], Marks));

        static string Refusal(SweepPanel[] panels, SweepMark[] marks) =>
            Assert.Throws<ArgumentException>(() => SweepPicture.Draw(panels, marks)).Message;
    }
}
