using Microsoft.Extensions.Logging;
using Microsoft.ML.Runtime;

namespace CrossModalVae.Pipelines.Hosting;

/// <summary>ML.NET's log as an application's.</summary>
public static partial class MLContextLogging
{
    /// <summary>
    /// Sends what ML.NET and this library's steps log to a logger: trace, information, warning and error under the same names, the step
    /// as the field Source. ML.NET says much at trace and some at information; a filter of the logger's category chooses.
    /// </summary>
    /// <param name="ml">The context.</param>
    /// <param name="log">Receives the lines; threads share it.</param>
    /// <returns>Ends it.</returns>
    public static IDisposable LogTo(this MLContext ml, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentNullException.ThrowIfNull(log);
        return new Subscription(ml, log);
    }

    private static LogLevel Level(ChannelMessageKind kind) => kind switch
    {
        ChannelMessageKind.Error => LogLevel.Error,
        ChannelMessageKind.Warning => LogLevel.Warning,
        ChannelMessageKind.Info => LogLevel.Information,
        _ => LogLevel.Trace,
    };

    [LoggerMessage(Message = "{Source}: {Line}")]
    private static partial void Write(ILogger log, LogLevel level, string source, string line);

    private sealed class Subscription : IDisposable
    {
        private readonly MLContext _ml;
        private readonly ILogger _log;

        public Subscription(MLContext ml, ILogger log)
        {
            (_ml, _log) = (ml, log);
            ml.Log += Forward;
        }

        public void Dispose() => _ml.Log -= Forward;

        private void Forward(object? sender, LoggingEventArgs line)
        {
            LogLevel level = Level(line.Kind);
            if (_log.IsEnabled(level))
            {
                Write(_log, level, line.Source, line.RawMessage);
            }
        }
    }
}
