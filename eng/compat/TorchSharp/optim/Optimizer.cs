using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>What a learning rate schedule changes.</summary>
        public interface ILearningRateController
        {
            double LearningRate { get; set; }

            double InitialLearningRate { get; set; }
        }

        /// <summary>The base of the optimisers.</summary>
        public abstract class Optimizer : IDisposable
        {
            ~Optimizer() => Dispose(false);

            public abstract IEnumerable<ILearningRateController> ParamGroups { get; }

            public abstract void zero_grad();

            public abstract Tensor step(Func<Tensor>? closure = null);

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
            }

            /// <summary>The state by parameter; the objects themselves, not copies.</summary>
            public class StateDictionary
            {
                internal StateDictionary()
                {
                }

                public List<OptimizerState> State { get; } = [];
            }
        }
    }
}
