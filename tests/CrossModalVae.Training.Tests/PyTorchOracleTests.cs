using System.Globalization;
using CrossModalVae.Recipes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Tests;

/// <summary>Optimiser, schedules and averaged weights against Debian's PyTorch, over forty steps of the same small problem.</summary>
public class PyTorchOracleTests
{
    // float32 on both sides, forty steps.
    private const double Rounding = 2e-5;

    // The gradient of step t is sin(w (t + 1)), elementwise: of a matrix, which decays, and of a bias, which does not.
    private const string Program = """
        import sys, math, torch
        kind, schedule, lr, wd, warm, final, decay, steps = sys.argv[1], sys.argv[2], *map(float, sys.argv[3:9])
        steps = int(steps)
        w = torch.nn.Parameter(torch.linspace(-1, 1, 12).reshape(3, 4)); b = torch.nn.Parameter(torch.linspace(-1, 1, 3))
        groups = [{'params': [w], 'weight_decay': wd}, {'params': [b], 'weight_decay': 0.0 if kind == 'adamw' else wd}]
        o = (torch.optim.AdamW if kind == 'adamw' else torch.optim.Adam)(groups, lr=lr)
        s = None
        L = torch.optim.lr_scheduler
        if schedule == 'one-cycle': s = L.OneCycleLR(o, max_lr=lr, total_steps=steps, pct_start=warm, cycle_momentum=False)
        if schedule == 'cosine': s = L.CosineAnnealingLR(o, T_max=steps, eta_min=final * lr)
        a = [w.detach().clone(), b.detach().clone()]
        for t in range(steps):
            for p in (w, b): p.grad = torch.sin(p.detach() * (t + 1))
            o.step()
            if s: s.step()
            d = min(decay, (2.0 + t) / (11.0 + t))
            for x, p in zip(a, (w, b)): x.lerp_(p.detach(), 1 - d)
        print(' '.join(repr(v) for x in (w, b, *a) for v in x.detach().flatten().tolist()))
        """;

    [SkippableTheory]
    [InlineData("adam", LearningRateSchedule.Constant)]
    [InlineData("adamw", LearningRateSchedule.Constant)]
    [InlineData("adamw", LearningRateSchedule.Cosine)]
    [InlineData("adamw", LearningRateSchedule.OneCycle)]
    public void FortySteps_WeightsAndTheirAverage_ArePyTorchs(string kind, LearningRateSchedule schedule)
    {
        Tool.Require(Python.Has("torch"), "Python with torch");
        const int Steps = 40;
        var options = new TrainingOptions
        {
            LearningRate = 0.05,
            Schedule = schedule,
            WarmUpShare = schedule == LearningRateSchedule.OneCycle ? 0.3 : 0.0,
            FinalRateShare = 0.1,
        };
        using var scope = NewDisposeScope();
        Parameter w = new(linspace(-1, 1, 12).reshape(3, 4)), b = new(linspace(-1, 1, 3));
        using var optimiser = new AdamOptimiser(
            [("w", w), ("b", b)], options.LearningRate, 0.1, kind == "adamw" ? Optimiser.AdamW : Optimiser.Adam);
        using var average = new WeightAverage([("w", w), ("b", b)], 0.6);

        for (int t = 0; t < Steps; t++)
        {
            using var step = NewDisposeScope();
            foreach (Parameter p in new[] { w, b })
            {
                p.grad = (p.detach() * (t + 1)).sin();
            }

            optimiser.LearningRate = LearningRate.At(options, t, Steps);
            optimiser.Step();
            average.Update(t + 1);
        }

        float[] own = [.. w.ToFloats(), .. b.ToFloats(), .. average.Entries.SelectMany(entry => entry.Average.ToFloats())];
        string text = Python.Run(Program, kind, EnumText(schedule), "0.05", "0.1", "0.3", "0.1", "0.6", $"{Steps}");
        float[] theirs = [.. text.Split(' ').Select(number => float.Parse(number, CultureInfo.InvariantCulture))];
        Assert.Equal(theirs.Length, own.Length);
        Assert.All(own.Zip(theirs), pair => Assert.Equal(pair.Second, pair.First, Rounding));
    }

    private static string EnumText(LearningRateSchedule schedule) => schedule switch
    {
        LearningRateSchedule.OneCycle => "one-cycle",
        LearningRateSchedule.Cosine => "cosine",
        _ => "constant",
    };
}
