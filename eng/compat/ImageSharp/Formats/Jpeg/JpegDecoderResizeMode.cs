namespace SixLabors.ImageSharp.Formats.Jpeg;

public enum JpegDecoderResizeMode
{
    Combined,

    /// <summary>The smallest of 1/8, 1/4 and 1/2 that is not below the target on either axis, else full size.</summary>
    IdctOnly,

    ScaleOnly,
}
