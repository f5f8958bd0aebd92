using Microsoft.ML.OnnxRuntime;

namespace CrossModalVae.Scoring.Sessions;

/// <summary>
/// A native session that threads may share. One that is used after its end, or ended while in use, would end the process: every use passes
/// here.
/// </summary>
internal sealed class OnnxSession(InferenceSession session, ExecutionDevice device) : IDisposable
{
    private readonly object _gate = new();
    private readonly HashSet<OrtIoBinding> _bindings = []; // that must end before the session
    private int _running;
    private bool _disposed;

    /// <summary>What the graph says of itself.</summary>
    public InferenceSession Graph => session;

    /// <summary>Computes outputs into tensors.</summary>
    public void Run(RunOptions options, string[] inputNames, OrtValue[] inputs, string[] outputNames, OrtValue[] outputs)
    {
        Enter();
        try
        {
            session.Run(options, inputNames, inputs, outputNames, outputs);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Computes outputs into new tensors.</summary>
    public IDisposableReadOnlyCollection<OrtValue> Run(RunOptions options, string[] inputNames, OrtValue[] inputs, string[] outputNames)
    {
        Enter();
        try
        {
            return session.Run(options, inputNames, inputs, outputNames);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>The same of what is bound, after a change of it where there is one; returns when the outputs are there.</summary>
    public void Run(RunOptions options, OrtIoBinding binding, Action? rebind)
    {
        Enter();
        try
        {
            rebind?.Invoke();
            binding.SynchronizeBoundInputs();
            session.RunWithBinding(options, binding);
            binding.SynchronizeBoundOutputs();
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>A binding, to be ended by <see cref="Release"/>; it ends with the session at the latest.</summary>
    public OrtIoBinding CreateBinding()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            OrtIoBinding binding = session.CreateIoBinding();
            _bindings.Add(binding);
            return binding;
        }
    }

    /// <summary>Ends a binding, where the session has not.</summary>
    public void Release(OrtIoBinding binding)
    {
        lock (_gate)
        {
            if (_bindings.Remove(binding))
            {
                binding.Dispose();
            }
        }
    }

    /// <summary>Of page-locked memory, which a CUDA device copies from and to by itself; null on the CPU.</summary>
    public OrtAllocator? CreatePinnedAllocator()
    {
        if (device.CudaIndex is not int index)
        {
            return null;
        }

        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            using var pinned = new OrtMemoryInfo(
                OrtMemoryInfo.allocatorCUDA_PINNED, OrtAllocatorType.DeviceAllocator, index, OrtMemType.CpuOutput);
            return new OrtAllocator(session, pinned);
        }
    }

    /// <summary>
    /// Releases the native session, after the runs in progress; later ones end with <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            while (_running > 0)
            {
                Monitor.Wait(_gate);
            }

            foreach (OrtIoBinding binding in _bindings)
            {
                binding.Dispose();
            }

            _bindings.Clear();
        }

        session.Dispose();
    }

    private void Enter()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _running++;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            _running--;
            Monitor.PulseAll(_gate);
        }
    }
}
