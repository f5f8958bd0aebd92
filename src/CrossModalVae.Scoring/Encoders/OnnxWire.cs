namespace CrossModalVae.Scoring.Encoders;

/// <summary>Reads of an ONNX file what ONNX Runtime does not tell: whether weights lie in other files.</summary>
internal static class OnnxWire
{
    // Field numbers of the ONNX specification.
    private const int Graph = 7; // of a model
    private const int Initializer = 5; // of a graph
    private const int Name = 8; // of a tensor
    private const int DataLocation = 14; // of a tensor; 1 is external

    /// <summary>The name of the first tensor of the main graph whose numbers lie in another file; null where there is none. What is no
    /// protobuf message has none: opening it says so.</summary>
    public static string? FirstExternalTensor(ReadOnlySpan<byte> model)
    {
        while (Next(ref model, out int field, out ReadOnlySpan<byte> graph, out _))
        {
            while (field == Graph && Next(ref graph, out int inner, out ReadOnlySpan<byte> tensor, out _))
            {
                if (inner == Initializer && External(tensor) is string name)
                {
                    return name;
                }
            }
        }

        return null;
    }

    private static string? External(ReadOnlySpan<byte> tensor)
    {
        string name = "";
        bool isExternal = false;
        while (Next(ref tensor, out int field, out ReadOnlySpan<byte> bytes, out ulong number))
        {
            name = field == Name ? System.Text.Encoding.UTF8.GetString(bytes) : name;
            isExternal |= field == DataLocation && number == 1;
        }

        return isExternal ? name : null;
    }

    // The next field: its bytes where it has a length, else its number. False at the end, and where the bytes are no message.
    private static bool Next(ref ReadOnlySpan<byte> message, out int field, out ReadOnlySpan<byte> bytes, out ulong number)
    {
        bytes = default;
        (field, number) = (0, 0);
        if (!Varint(ref message, out ulong key))
        {
            return false;
        }

        field = (int)(key >> 3);
        switch (key & 7)
        {
            case 0:
                return Varint(ref message, out number);
            case 1 or 5:
                int size = (key & 7) == 1 ? sizeof(ulong) : sizeof(uint);
                bool isThere = message.Length >= size;
                message = isThere ? message[size..] : default;
                return isThere;
            case 2:
                if (!Varint(ref message, out ulong length) || length > (ulong)message.Length)
                {
                    return false;
                }

                bytes = message[..(int)length];
                message = message[(int)length..];
                return true;
            default:
                return false;
        }
    }

    private static bool Varint(ref ReadOnlySpan<byte> message, out ulong value)
    {
        value = 0;
        for (int i = 0; i < Math.Min(message.Length, 10); i++)
        {
            value |= (ulong)(message[i] & 0x7F) << (7 * i);
            if (message[i] < 0x80)
            {
                message = message[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
