namespace CrossModalVae.Hosting;

/// <summary>A sound or picture is larger than the service takes (HTTP 413).</summary>
/// <param name="message">What is too large, its size, and the limit.</param>
public sealed class ContentTooLargeException(string message) : Exception(message);
