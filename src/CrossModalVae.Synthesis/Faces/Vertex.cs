using System.Numerics;

namespace CrossModalVae.Synthesis.Faces;

/// <summary>A point of a surface.</summary>
/// <param name="Position">Where it is: x to the viewer's right, y up, z towards the viewer.</param>
/// <param name="Normal">Unit normal, outwards.</param>
/// <param name="Chart">Where it is on the head before the head turned: the place on which paint goes.</param>
internal readonly record struct Vertex(Vector3 Position, Vector3 Normal, Vector3 Chart);
