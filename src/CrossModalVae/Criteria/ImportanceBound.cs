using CrossModalVae.Recipes;

namespace CrossModalVae.Criteria;

/// <summary>
/// A distribution to draw latent points from: an equal mixture, one part or more, of Gaussians with diagonal covariance or of Laplace
/// distributions with these means and variances.
/// </summary>
internal sealed record Proposal(
    IReadOnlyList<(float[] Mean, float[] LogVariance)> Parts, PosteriorKind Kind = PosteriorKind.Gaussian)
{
    /// <summary>
    /// Of posteriors of the shared part; the private parts, of which nothing is known, are drawn from the prior, which leaves the bound
    /// one.
    /// </summary>
    public static Proposal Of(IEnumerable<(float[] Mean, float[] LogVariance)> shared, int privateDimensions, PosteriorKind kind)
    {
        var none = new float[privateDimensions]; // mean 0 and log-variance 0
        return new Proposal([.. shared.Select(part => ((float[])[.. part.Mean, .. none], (float[])[.. part.LogVariance, .. none]))], kind);
    }

    /// <summary>The product of two Gaussians, with or without the prior N(0, I) (Wu, Goodman 2018).</summary>
    public static (float[] Mean, float[] LogVariance) Product(
        (float[] Mean, float[] LogVariance) one, (float[] Mean, float[] LogVariance) other, bool prior)
    {
        var (mean, logVariance) = (new float[one.Mean.Length], new float[one.Mean.Length]);
        for (int d = 0; d < mean.Length; d++)
        {
            double a = Math.Exp(-one.LogVariance[d]), b = Math.Exp(-other.LogVariance[d]), precision = a + b + (prior ? 1 : 0);
            mean[d] = (float)(((a * one.Mean[d]) + (b * other.Mean[d])) / precision);
            logVariance[d] = (float)-Math.Log(precision);
        }

        return (mean, logVariance);
    }

    /// <summary>K points, of the parts in turn: z = mu + sigma e. [K, D].</summary>
    public float[] Draw(int count, SeededRandom random)
    {
        int dimension = Parts[0].Mean.Length;
        var z = new float[count * dimension];
        for (int i = 0; i < z.Length; i++)
        {
            (float[] mean, float[] logVariance) = Parts[i / dimension % Parts.Count];
            int d = i % dimension;
            double e = Kind == PosteriorKind.Laplace ? random.NextLaplace() : random.NextGaussian();
            z[i] = (float)(mean[d] + (Math.Exp(0.5 * logVariance[d]) * e));
        }

        return z;
    }

    /// <summary>log q(z).</summary>
    public double LogDensity(ReadOnlySpan<float> z)
    {
        var logs = new double[Parts.Count];
        for (int part = 0; part < logs.Length; part++)
        {
            (float[] mean, float[] logVariance) = Parts[part];
            for (int d = 0; d < z.Length; d++)
            {
                logs[part] += LogDensity(z[d] - mean[d], logVariance[d]);
            }
        }

        return ImportanceBound.LogMeanExp(logs);
    }

    /// <summary>log p(z) of the prior, the family's with mean 0 and variance 1.</summary>
    public double LogPrior(ReadOnlySpan<float> z)
    {
        double log = 0;
        foreach (float value in z)
        {
            log += LogDensity(value, 0);
        }

        return log;
    }

    private double LogDensity(double x, double logVariance) => Kind == PosteriorKind.Laplace
        ? -(0.5 * (Math.Log(2) + logVariance)) - (Math.Sqrt(2) * Math.Abs(x) * Math.Exp(-0.5 * logVariance)) // b = sigma / sqrt(2)
        : ImportanceBound.LogNormal(x, logVariance);
}

/// <summary>
/// The importance-weighted lower bound of log p(x) (Burda, Grosse, Salakhutdinov 2016, arXiv 1509.00519, equation 8): log 1/K sum over k of
/// p(x | z_k) p(z_k) / q(z_k), z_k ~ q, p(z) = N(0, I) or its like of q's family, p(x | z) = N(D(z), sigma^2 I). Its expectation never lies
/// above log p(x) and tends to it as K grows, whatever q is. Draws are taken from a mixture's parts in turn, which keeps that.
/// </summary>
/// <param name="decode">D of K points [K, D]: faces [K, Ff] and voices [K, Fv].</param>
/// <param name="faceVariance">sigma^2 of a face's features.</param>
/// <param name="voiceVariance">sigma^2 of a voice's features.</param>
internal sealed class ImportanceBound(
    Func<float[], int, (float[] Face, float[] Voice)> decode, double faceVariance, double voiceVariance)
{
    /// <summary>The bounds of log p(face, voice), log p(face) and log p(voice), in nats, from the same K points.</summary>
    public (double Both, double Face, double Voice) Estimate(
        ReadOnlySpan<float> face, ReadOnlySpan<float> voice, Proposal q, int samples, SeededRandom random)
    {
        float[] z = q.Draw(samples, random); // [K, D]
        (float[] faces, float[] voices) = decode(z, samples); // [K, Ff], [K, Fv]
        int dimension = z.Length / samples;
        double[] both = new double[samples], ofFace = new double[samples], ofVoice = new double[samples];
        for (int k = 0; k < samples; k++)
        {
            ReadOnlySpan<float> point = z.AsSpan(k * dimension, dimension);
            double weight = q.LogPrior(point) - q.LogDensity(point);
            double f = LogLikelihood(face, faces.AsSpan(k * face.Length, face.Length), faceVariance);
            double v = LogLikelihood(voice, voices.AsSpan(k * voice.Length, voice.Length), voiceVariance);
            (both[k], ofFace[k], ofVoice[k]) = (f + v + weight, f + weight, v + weight);
        }

        return (LogMeanExp(both), LogMeanExp(ofFace), LogMeanExp(ofVoice));
    }

    /// <summary>log N(x; 0, exp(logVariance)).</summary>
    internal static double LogNormal(double x, double logVariance) =>
        -0.5 * (Math.Log(2 * Math.PI) + logVariance + (x * x * Math.Exp(-logVariance)));

    /// <summary>log of the mean of exponentials.</summary>
    internal static double LogMeanExp(ReadOnlySpan<double> logs)
    {
        double largest = double.NegativeInfinity, sum = 0;
        foreach (double log in logs)
        {
            largest = Math.Max(largest, log);
        }

        foreach (double log in logs)
        {
            sum += Math.Exp(log - largest);
        }

        return largest + Math.Log(sum / logs.Length);
    }

    private static double LogLikelihood(ReadOnlySpan<float> x, ReadOnlySpan<float> decoded, double variance)
    {
        double squares = 0;
        for (int f = 0; f < x.Length; f++)
        {
            double difference = x[f] - decoded[f];
            squares += difference * difference;
        }

        return -0.5 * ((x.Length * Math.Log(2 * Math.PI * variance)) + (squares / variance));
    }
}
