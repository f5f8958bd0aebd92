using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>
        /// Adam (Kingma and Ba, 2015) as PyTorch computes it. On the CPU one pass over memory in eng/native/adam.cpp; elsewhere libtorch's
        /// foreach kernels.
        /// </summary>
        public class Adam : OptimizerHelper
        {
            internal Adam(
                IEnumerable<Parameter> parameters,
                double lr,
                double beta1,
                double beta2,
                double eps,
                double weight_decay,
                bool amsgrad,
                bool maximize)
            {
                if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
                if (eps < 0) throw new ArgumentException($"Invalid ε: {eps}");
                if (beta1 is < 0 or >= 1.0) throw new ArgumentException($"Invalid beta1: {beta1}");
                if (beta2 is < 0 or >= 1.0) throw new ArgumentException($"Invalid beta2: {beta2}");
                if (weight_decay < 0) throw new ArgumentException($"Invalid weight_decay value: {weight_decay}");
                var options = new Options
                {
                    LearningRate = lr,
                    InitialLearningRate = lr,
                    beta1 = beta1,
                    beta2 = beta2,
                    eps = eps,
                    weight_decay = weight_decay,
                    amsgrad = amsgrad,
                    maximize = maximize,
                };
                Parameter[] all = [.. parameters];
                Groups.Add(new ParamGroup { Parameters = all, Options = options });
                foreach (var parameter in all) States[parameter] = new State(parameter, amsgrad);
            }

            public override Tensor step(Func<Tensor>? closure = null)
            {
                Tensor? loss = null;
                if (closure is not null)
                {
                    using var on = enable_grad();
                    loss = closure();
                }

                using var mode = no_grad();
                using var scope = NewDisposeScope();
                foreach (var group in Groups) Step((Options)group.Options, group.Parameters);
                return loss!;
            }

            protected override void Dispose(bool disposing)
            {
                base.Dispose(disposing);
                if (!disposing) return;
                foreach (var state in States.Values) ((State)state).Dispose();
            }

            private void Step(Options options, IEnumerable<Parameter> parameters)
            {
                // Parameters of one age and place go together; only a loaded state or a gradient that came late parts them.
                var rest = new Dictionary<long, List<(Parameter, Tensor, State)>>();
                foreach (var parameter in parameters)
                {
                    if (parameter.grad is not { } gradient) continue;
                    var state = (State)States[parameter];
                    state.step++;
                    if (AdamUpdate.FitsOnePass(parameter, gradient, state))
                    {
                        AdamUpdate.OnePass(options, parameter, gradient, state);
                        continue;
                    }

                    if (!rest.TryGetValue(state.step, out var same)) rest.Add(state.step, same = []);
                    same.Add((parameter, gradient, state));
                }

                foreach (var same in rest.Values) AdamUpdate.Foreach(options, same);
            }

            public sealed class State : OptimizerState, IDisposable
            {
                public long step;
                public Tensor exp_avg;
                public Tensor exp_avg_sq;
                public Tensor? max_exp_avg_sq;

                internal State(Parameter parameter, bool amsgrad)
                {
                    exp_avg = zeros_like(parameter).DetachFromDisposeScope();
                    exp_avg_sq = zeros_like(parameter).DetachFromDisposeScope();
                    if (amsgrad) max_exp_avg_sq = zeros_like(parameter).DetachFromDisposeScope();
                }

                public void Dispose()
                {
                    exp_avg.Dispose();
                    exp_avg_sq.Dispose();
                    max_exp_avg_sq?.Dispose();
                }
            }

            public class Options : OptimizerOptions
            {
                public double? beta1;
                public double? beta2;
                public double? weight_decay;
                public double? eps;
                public bool? amsgrad;
                public bool? maximize;
            }
        }
    }

    public static partial class torch
    {
        public static partial class optim
        {
            public static Adam Adam(
                IEnumerable<Parameter> parameters,
                double lr = 1e-3,
                double beta1 = 0.9,
                double beta2 = 0.999,
                double eps = 1e-8,
                double weight_decay = 0,
                bool amsgrad = false,
                bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }
}
