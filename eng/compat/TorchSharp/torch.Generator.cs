namespace TorchSharp;

public static partial class torch
{
    /// <summary>A random number generator of the CPU, as the genuine package's are.</summary>
    public class Generator : IDisposable
    {
        private nint _handle;

        public Generator(ulong seed = 0)
            : this(NativeMethods.Check(NativeMethods.boxed_generator_new(seed)))
        {
        }

        private Generator(nint handle) => _handle = handle;

        ~Generator() => Dispose(false);

        internal static Generator Default => new(NativeMethods.Check(NativeMethods.boxed_generator_default()));

        internal nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Generator));

        public Tensor get_state()
        {
            var state = new Tensor(NativeMethods.Check(NativeMethods.boxed_generator_get_state(Handle)));
            GC.KeepAlive(this);
            return state;
        }

        public void set_state(Tensor value)
        {
            NativeMethods.Check(NativeMethods.boxed_generator_set_state(Handle, value.Handle));
            GC.KeepAlive(this);
            GC.KeepAlive(value);
        }

        internal Generator manual_seed(long seed)
        {
            NativeMethods.Check(NativeMethods.boxed_generator_seed(Handle, unchecked((ulong)seed)));
            GC.KeepAlive(this);
            return this;
        }

        public long initial_seed()
        {
            long seed = unchecked((long)NativeMethods.boxed_generator_initial_seed(Handle));
            GC.KeepAlive(this);
            return seed;
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        private void Dispose(bool disposing)
        {
            nint handle = Interlocked.Exchange(ref _handle, 0);
            if (handle != 0) NativeMethods.boxed_generator_free(handle);
        }
    }
}
