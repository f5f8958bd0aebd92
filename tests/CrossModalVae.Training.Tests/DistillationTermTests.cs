using System.Globalization;
using CrossModalVae.Features;
using CrossModalVae.Recipes;
using CrossModalVae.Recipes.Terms;
using CrossModalVae.Training.Terms;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Tests;

/// <summary>A teacher's logits and what is learned from them.</summary>
public sealed class DistillationTermTests : IDisposable
{
    private const double Rounding = 1e-5; // float32 here, PyTorch's float32 there

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_SeveralFrames_TakesTheLargestOfEachClass()
    {
        File.WriteAllLines(
            _folder["t"],
            [
                TeacherLogitsFile.Line("p000", "0", 1, -2, 0), TeacherLogitsFile.Line("p000", "1", 0, 0, 0),
                TeacherLogitsFile.Line("p000", "0", -1, 3, 0.5),
            ]);

        TeacherLogits teacher = TeacherLogits.Read(_folder["t"]);

        Assert.Equal(3, teacher.Classes);
        Assert.Equal([1f, 3f, 0.5f], teacher.OfClips["p000/0"]);
        Assert.Equal([0f, 0f, 0f], teacher.OfClips["p000/1"]);
    }

    [SkippableFact]
    public void Loss_AgainstPyTorchsDivergence_Agrees()
    {
        Tool.Require(Python.Has("torch"), "Python with torch");
        using var scope = NewDisposeScope();
        Tensor student = Random("student", 5, 8), teacher = Random("teacher", 5, 8);

        double value = DistillationTerm.Loss(student, teacher, 2.0).item<float>();

        const string Program = """
            import sys, torch, torch.nn.functional as F
            s, t = (torch.tensor(list(map(float, a.split()))).reshape(5, 8) for a in sys.argv[1:])
            print(float(F.kl_div(F.log_softmax(s / 2, 1), F.softmax(t / 2, 1), reduction='batchmean')) * 4)
            """;
        Assert.Equal(double.Parse(Python.Run(Program, Text(student), Text(teacher)), CultureInfo.InvariantCulture), value, Rounding);
        Assert.Equal(0.0, DistillationTerm.Loss(teacher, teacher, 2.0).item<float>(), Rounding);
    }

    [Theory]
    [InlineData(DistillationStudents.Voice, "voice")]
    [InlineData(DistillationStudents.Face, "face")]
    public void Evaluate_OneStudent_LeavesTheOtherAlone(DistillationStudents students, string learns)
    {
        using var scope = NewDisposeScope();
        FeatureTable table = Synthetic.Table(4, 2);
        using var term = new DistillationTerm(
            "distillation",
            new DistillationOptions { Logits = TeacherLogitsFile.Write(_folder["t"], [.. table.Clips], 4), Students = students },
            new TermContext(table, 6, 1, CPU));
        Tensor voice = Random("voice", 8, 6).requires_grad_(), face = Random("face", 8, 6).requires_grad_();

        term.Evaluate(new TermBatch(
            new TermRows(voice, voice, table.Clips), new TermRows(face, face, table.Clips), 8, TrainingNoise.ForEpoch(1, 1, CPU)))!
            .Value.Value.backward();

        Assert.Equal(learns == "voice", voice.grad is not null);
        Assert.Equal(learns == "face", face.grad is not null);
    }

    [Theory]
    [InlineData("empty", "t: is empty; expected a teacher's logits of at least one clip.")]
    [InlineData("classes", "t: line 2: 'logits' is an array of 2 items; expected 3 numbers, as on the first line.")]
    [InlineData("infinite", "t: line 1: 'logits' is an array of 2 items; expected numbers that float32 holds.")]
    [InlineData("clips", "Term 'distillation': t has logits of 5 of the 12 training clips that are to learn, none of clip 'p002/1'; "
        + "expected all of them, or some with 'partial' true.")]
    [InlineData("others", "Term 'distillation': t has logits of 0 of the 12 training clips that are to learn, none of clip 'p000/0'; "
        + "expected all of them, or some with 'partial' true.")]
    public void Run_TeacherThatDoesNotFit_SaysSoBeforeAnythingIsWritten(string fault, string expected)
    {
        FeatureTable train = Synthetic.Table(6, 2);
        string[] lines = fault switch
        {
            "classes" => [TeacherLogitsFile.Line("p000", "0", 1, 2, 3), TeacherLogitsFile.Line("p000", "1", 0, 1)],
            "infinite" => ["""{"identity":"p000","clip":"0","logits":[1E+39, 0]}"""],
            "clips" => [.. train.Clips.Take(5).Select(clip => TeacherLogitsFile.Line(clip.Identity, clip.Name, 1, 2))],
            "others" => [TeacherLogitsFile.Line("nobody", "0", 1, 2)],
            _ => [],
        };
        File.WriteAllLines(_folder["t"], lines);

        Exception e = Assert.Throws<InvalidDataException>(() => Train(train, _folder["run"], partial: fault == "others"));

        Assert.Equal(expected, e.Message.Replace(_folder["t"], "t", StringComparison.Ordinal));
        Assert.False(Path.Exists(_folder["run"]));
    }

    [Fact]
    public void Run_PartialLogits_TrainAndAnotherFileIsNotResumed()
    {
        FeatureTable train = Synthetic.Table(6, 2);
        TeacherLogitsFile.Write(_folder["t"], [.. train.Clips.Take(5)], 3);
        TrainingResult result = Train(train, _folder["run"], partial: true);
        TeacherLogitsFile.Write(_folder["t"], [.. train.Clips.Take(6)], 3);

        Exception e = Assert.Throws<InvalidOperationException>(() => Train(train, _folder["run"], partial: true, resume: true));

        Assert.True(result.Best.Train.Terms!["distillation"] > 0);
        Assert.Equal(
            $"{_folder["run"]}: the run was started on other clips or features; it can be resumed on the same ones only.", e.Message);
    }

    [Fact]
    public void Validate_NoFileAndNoTemperature_NamesBoth()
    {
        Exception e = Assert.Throws<ArgumentException>(new DistillationOptions { Temperature = 0 }.Validate);

        Assert.Equal("'Logits' is empty; must be the file of a teacher's logits. 'Temperature' is 0; must be > 0.", e.Message);
    }

    private TrainingResult Train(FeatureTable train, string run, bool partial, bool resume = false) => new Trainer(
        Synthetic.Recipe(2, PairSampling.Clips) with
        {
            Objective = new ObjectiveOptions
            {
                Bound = BoundKind.None,
                Alignment = AlignmentKind.None,
                Terms = [new DistillationOptions { Logits = _folder["t"], Partial = partial }],
            },
        },
        new TrainerOptions { Device = "cpu", Threads = 1, StopOnCollapse = false, Resume = resume })
        .Run(train, Synthetic.Table(4, 2, seed: 2, prefix: "v"), run);

    private static Tensor Random(string name, int rows, int columns) =>
        tensor([.. GradientCheck.Random(name, rows, columns).Values.Select(value => (float)value)], [rows, columns]);

    private static string Text(Tensor values) =>
        string.Join(' ', values.ToFloats().Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
}
