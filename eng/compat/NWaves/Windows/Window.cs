using NWaves.Utils;

namespace NWaves.Windows;

public static class Window
{
    // Symmetric, as in the genuine package: the period is length - 1.
    public static float[] Hamming(int length)
    {
        double step = 2 * Math.PI / (length - 1);
        var window = new float[length];
        for (int i = 0; i < length; i++)
        {
            window[i] = (float)(0.54 - (0.46 * Math.Cos(i * step)));
        }

        return window;
    }

    // Symmetric, as Hamming.
    public static float[] Hann(int length)
    {
        double step = 2 * Math.PI / (length - 1);
        var window = new float[length];
        for (int i = 0; i < length; i++)
        {
            window[i] = (float)(0.5 * (1 - Math.Cos(i * step)));
        }

        return window;
    }

    public static float[] Kaiser(int length, double alpha = 12.0)
    {
        double step = 2.0 / (length - 1);
        var window = new float[length];
        for (int i = 0; i < length; i++)
        {
            double x = (i * step) - 1;
            window[i] = (float)(MathUtils.I0(alpha * Math.Sqrt(1 - (x * x))) / MathUtils.I0(alpha));
        }

        return window;
    }
}
