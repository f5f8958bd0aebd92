using System.Runtime.InteropServices;

namespace CrossModalVae.Cli.Terminal;

/// <summary>
/// Ctrl-C (SIGINT) and SIGTERM: the first asks the work to stop and leave a clean state; a second one, or work that has not stopped after
/// a grace period, ends the program at once. Either way the exit code is 128 and the signal's number, as shells and schedulers expect.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    /// <summary>The exit code after Ctrl-C: 128 and SIGINT.</summary>
    internal const int Interrupted = 130;

    /// <summary>The exit code after SIGTERM: 128 and it.</summary>
    internal const int Terminated = 143;

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly TimeSpan _grace;
    private readonly Action<int> _exit;
    private Timer? _timer;
    private int _code;

    private StopSignals(bool registers, TimeSpan grace, Action<int> exit)
    {
        (_grace, _exit) = (grace, exit);
        _registrations = !registers ? [] :
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        ];
    }

    /// <summary>Cancelled by the first signal.</summary>
    internal CancellationToken Token => _source.Token;

    /// <summary>The exit code that the first signal asks for; null where none has come.</summary>
    internal int? ExitCode => Volatile.Read(ref _code) is > 0 and int code ? code : null;

    /// <summary>
    /// Listens to the process's signals. Ten seconds are less than the thirty that Slurm and Kubernetes wait before they kill.
    /// </summary>
    internal static StopSignals Listen(TextWriter error) => new(registers: true, TimeSpan.FromSeconds(10), code =>
    {
        error.WriteLine();
        error.WriteLine("cmvae: stopped at once; files that were being written keep the suffix .partial and can be deleted.");
        Environment.Exit(code);
    });

    /// <summary>The same without a process's signals, for tests.</summary>
    internal static StopSignals Manual(TimeSpan grace, Action<int> exit) => new(registers: false, grace, exit);

    /// <summary>What a signal does.</summary>
    internal void Stop(int exitCode)
    {
        if (Interlocked.CompareExchange(ref _code, exitCode, 0) != 0)
        {
            _exit(_code);
            return;
        }

        _timer = new Timer(_ => _exit(exitCode), null, _grace, Timeout.InfiniteTimeSpan);
        _source.Cancel(); // here, on the signal's own thread: the pool's may all be at work, and linked tokens would wait for one
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _timer?.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        Stop(context.Signal == PosixSignal.SIGTERM ? Terminated : Interrupted);
    }
}
