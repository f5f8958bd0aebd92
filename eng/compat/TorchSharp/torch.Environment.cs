namespace TorchSharp;

public static partial class torch
{
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.ThreadSingleton.NewDisposeScope();

    public static int get_num_threads() => NativeMethods.boxed_get_num_threads();

    public static void set_num_threads(int num) => NativeMethods.Check(NativeMethods.boxed_set_num_threads(num));

    /// <summary>Seeds the CPU's generator and, as in the genuine package, not CUDA's.</summary>
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

    public static partial class cuda
    {
        public static bool is_available() => device_count() > 0;

        public static int device_count() => NativeMethods.boxed_cuda_device_count();
    }
}
