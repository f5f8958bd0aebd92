namespace TorchSharp;

public static partial class torch
{
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.ThreadSingleton.NewDisposeScope();

    public static int get_num_threads() => NativeMethods.boxed_get_num_threads();

    public static void set_num_threads(int num) => NativeMethods.Check(NativeMethods.boxed_set_num_threads(num));

    /// <summary>Seeds the CPU's generator (not CUDA's: <see cref="cuda.manual_seed"/>).</summary>
    public static Generator manual_seed(long seed) => random.manual_seed(seed);

    public static Tensor get_rng_state() => random.get_rng_state();

    public static void set_rng_state(Tensor new_state) => random.set_rng_state(new_state);

    public static partial class random
    {
        public static Generator manual_seed(long seed) => Generator.Default.manual_seed(seed);

        public static Tensor get_rng_state()
        {
            using var generator = Generator.Default;
            return generator.get_state();
        }

        public static void set_rng_state(Tensor new_state)
        {
            using var generator = Generator.Default;
            generator.set_state(new_state);
        }
    }

    public static partial class cuda
    {
        public static bool is_available() => device_count() > 0;

        public static int device_count() => NativeMethods.boxed_cuda_device_count();

        /// <summary>Seeds the current GPU's generator; does nothing without CUDA.</summary>
        public static void manual_seed(long seed)
        {
            if (is_available()) NativeMethods.Check(NativeMethods.boxed_cuda_seed(unchecked((ulong)seed), -1));
        }

        public static void manual_seed_all(long seed)
        {
            for (int k = 0; k < device_count(); k++) NativeMethods.Check(NativeMethods.boxed_cuda_seed(unchecked((ulong)seed), k));
        }
    }
}
