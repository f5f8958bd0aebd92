using FaceVoiceService;
using Microsoft.Extensions.Options;

// What the operator can mend is one sentence and exit code 2; everything else is a fault, with its trace.
try
{
    await using WebApplication app = ServiceApplication.Create(args);
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (e is ArgumentException or OptionsValidationException or InvalidDataException or IOException)
{
    await Console.Error.WriteLineAsync($"service: {e.Message}");
    return 2;
}
