namespace CrossModalVae.Faces.Jpeg;

/// <summary>A component of a frame.</summary>
/// <param name="Id">Its name in scan headers.</param>
/// <param name="Across">Horizontal sampling factor: blocks side by side in a unit.</param>
/// <param name="Down">Vertical sampling factor.</param>
/// <param name="Quantisation">Which quantisation table, 0 to 3.</param>
internal sealed record JpegComponent(int Id, int Across, int Down, int Quantisation);
