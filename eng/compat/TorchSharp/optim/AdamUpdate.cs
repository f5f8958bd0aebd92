using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>The two ways of Adam's update; they differ in rounding only.</summary>
internal static class AdamUpdate
{
    private static readonly Operator Neg = new("_foreach_neg");
    private static readonly Operator AddLists = new("_foreach_add", "List");
    private static readonly Operator AddListsInPlace = new("_foreach_add_", "List");
    private static readonly Operator AddScalarInPlace = new("_foreach_add_", "Scalar");
    private static readonly Operator MulScalarInPlace = new("_foreach_mul_", "Scalar");
    private static readonly Operator DivScalarInPlace = new("_foreach_div_", "Scalar");
    private static readonly Operator AddcmulInPlace = new("_foreach_addcmul_", "Scalar");
    private static readonly Operator AddcdivInPlace = new("_foreach_addcdiv_", "Scalar");
    private static readonly Operator Maximum = new("maximum");
    private static readonly Operator Sqrt = new("_foreach_sqrt");

    internal static bool FitsOnePass(Tensor parameter, Tensor gradient, Adam.State state) =>
        parameter.device_type == DeviceType.CPU && parameter.dtype is ScalarType.Float32 or ScalarType.Float64
        && gradient.dtype == parameter.dtype && state.exp_avg.dtype == parameter.dtype
        && parameter.is_contiguous() && gradient.is_contiguous() && state.exp_avg.is_contiguous() && state.exp_avg_sq.is_contiguous();

    internal static unsafe void OnePass(Adam.Options options, Tensor parameter, Tensor gradient, Adam.State state)
    {
        double beta1 = options.beta1!.Value, beta2 = options.beta2!.Value;
        var constants = new AdamConstants
        {
            Beta1 = beta1,
            Beta2 = beta2,
            Eps = options.eps!.Value,
            WeightDecay = options.weight_decay!.Value,
            StepSize = options.LearningRate!.Value / (1 - Math.Pow(beta1, state.step)),
            SqrtCorrection2 = Math.Sqrt(1 - Math.Pow(beta2, state.step)),
            Maximize = options.maximize!.Value ? 1 : 0,
        };
        NativeMethods.boxed_adam(
            parameter.DataPointer(),
            gradient.DataPointer(),
            state.exp_avg.DataPointer(),
            state.exp_avg_sq.DataPointer(),
            state.max_exp_avg_sq?.DataPointer() ?? 0,
            parameter.NumberOfElements,
            parameter.dtype == ScalarType.Float64 ? 1 : 0,
            &constants);
        GC.KeepAlive(parameter);
        GC.KeepAlive(gradient);
        GC.KeepAlive(state);
    }

    internal static void Foreach(Adam.Options options, List<(Parameter Parameter, Tensor Gradient, Adam.State State)> all)
    {
        double beta1 = options.beta1!.Value, beta2 = options.beta2!.Value;
        long step = all[0].State.step;
        Tensor[] p = [.. all.Select(one => one.Parameter)], g = [.. all.Select(one => one.Gradient)];
        Tensor[] m = [.. all.Select(one => one.State.exp_avg)], v = [.. all.Select(one => one.State.exp_avg_sq)];
        if (options.maximize!.Value) g = Neg.RunList(g);
        if (options.weight_decay!.Value != 0) g = AddLists.RunList(g, p, options.weight_decay.Value);
        MulScalarInPlace.Do(m, beta1);
        AddListsInPlace.Do(m, g, 1 - beta1);
        MulScalarInPlace.Do(v, beta2);
        AddcmulInPlace.Do(v, g, g, 1 - beta2);
        if (options.amsgrad!.Value)
        {
            foreach (var (_, _, state) in all) state.max_exp_avg_sq!.copy_(Maximum.Run(state.max_exp_avg_sq, state.exp_avg_sq));
            v = [.. all.Select(one => one.State.max_exp_avg_sq!)];
        }

        var denominator = Sqrt.RunList(v);
        DivScalarInPlace.Do(denominator, Math.Sqrt(1 - Math.Pow(beta2, step)));
        AddScalarInPlace.Do(denominator, options.eps!.Value);
        AddcdivInPlace.Do(p, m, denominator, -options.LearningRate!.Value / (1 - Math.Pow(beta1, step)));
    }
}
