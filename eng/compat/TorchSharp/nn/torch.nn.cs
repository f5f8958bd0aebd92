using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public enum Reduction : long
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        public static partial class functional
        {
            private static readonly Operator MseLoss = new("mse_loss");
            private static readonly Operator CrossEntropy = new("cross_entropy_loss");
            private static readonly Operator LogSoftmax = new("log_softmax", "int");
            private static readonly Operator Norm = new("norm", "ScalarOpt_dim");
            private static readonly Operator ClampMin = new("clamp_min");
            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                MseLoss.Run(input, target, (long)reduction);

            public static Tensor cross_entropy(
                Tensor input,
                Tensor target,
                Tensor? weight = null,
                long ignore_index = -100,
                Reduction reduction = Reduction.Mean,
                double label_smoothing = 0.0) =>
                CrossEntropy.Run(input, target, weight, (long)reduction, ignore_index, label_smoothing);

            public static Tensor log_softmax(Tensor x, long dim) => LogSoftmax.Run(x, dim);

            public static Tensor normalize(Tensor input, double p = 2.0, long dim = 1L, double eps = 1e-12)
            {
                using var norm = Norm.Run(input, p, new[] { dim }, true);
                using var denominator = ClampMin.Run(norm, eps);
                return input / denominator;
            }
        }

        public static partial class utils
        {
            private static readonly Operator NormAll = new("norm", "Scalar");
            private static readonly Operator ForeachNorm = new("_foreach_norm", "Scalar");
            private static readonly Operator ForeachMul = new("_foreach_mul_", "Scalar");
            private static readonly Operator StackAll = new("stack");

            /// <summary>Scales the gradients so that the norm of all of them together is at most max_norm; returns what it was.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                using var mode = no_grad();
                using var scope = NewDisposeScope();
                var gradients = tensors.Select(parameter => parameter.grad).OfType<Tensor>().ToArray();
                if (gradients.Length == 0) return 0;
                var norms = StackAll.Run(ForeachNorm.RunList(gradients, norm_type), 0L); // [parameters]
                double total = NormAll.Run(norms, norm_type).to(ScalarType.Float64).item<double>();
                double scale = max_norm / (total + 1e-6);
                if (scale < 1) ForeachMul.Do(gradients, scale);
                return total;
            }
        }
    }
}
