using System.Linq.Expressions;
using System.Reflection;
using CrossModalVae.Embeddings;
using CrossModalVae.Files;

namespace CrossModalVae.Hosting.Galleries;

/// <summary>
/// Conditions over records as conditions over rows: fields compared by == and != with values, joined by &amp;&amp;, || and !. Expressions
/// are read, not compiled, so that ahead-of-time compilation stays.
/// </summary>
internal static class RecordFilter
{
    /// <exception cref="NotSupportedException">It has something else; the message names it.</exception>
    public static Func<EmbeddingRow, bool> Of(Expression<Func<GalleryRecord, bool>> filter) => Condition(filter.Body, filter.Parameters[0]);

    /// <summary>A field of a record, of its row; null where the expression is something else.</summary>
    public static Func<EmbeddingRow, object?>? Field(Expression expression, ParameterExpression record)
    {
        if (Bare(expression) is not MemberExpression member || member.Expression != record)
        {
            return null;
        }

        return member.Member.Name switch
        {
            nameof(GalleryRecord.Key) => GalleryRecord.KeyOf,
            nameof(GalleryRecord.Modality) => row => EnumText.Of(row.Modality),
            nameof(GalleryRecord.Identity) => row => row.Identity,
            nameof(GalleryRecord.Clip) => row => row.Clip,
            nameof(GalleryRecord.Split) => row => EnumText.Of(row.Split),
            nameof(GalleryRecord.Gender) => row => row.Gender,
            nameof(GalleryRecord.Nationality) => row => row.Nationality,
            nameof(GalleryRecord.Age) => row => row.Age,
            _ => null,
        };
    }

    private static Func<EmbeddingRow, bool> Condition(Expression expression, ParameterExpression record)
    {
        switch (expression)
        {
            case BinaryExpression { NodeType: ExpressionType.AndAlso } both:
                Func<EmbeddingRow, bool> left = Condition(both.Left, record), right = Condition(both.Right, record);
                return row => left(row) && right(row);
            case BinaryExpression { NodeType: ExpressionType.OrElse } either:
                Func<EmbeddingRow, bool> one = Condition(either.Left, record), other = Condition(either.Right, record);
                return row => one(row) || other(row);
            case BinaryExpression { NodeType: ExpressionType.Equal or ExpressionType.NotEqual } comparison:
                return Comparison(comparison, record);
            case UnaryExpression { NodeType: ExpressionType.Not } not:
                Func<EmbeddingRow, bool> inner = Condition(not.Operand, record);
                return row => !inner(row);
            case ConstantExpression { Value: bool always }:
                return _ => always;
            default:
                throw Unsupported(expression);
        }
    }

    private static Func<EmbeddingRow, bool> Comparison(BinaryExpression comparison, ParameterExpression record)
    {
        bool isEqual = comparison.NodeType == ExpressionType.Equal;
        (Func<EmbeddingRow, object?>? field, Expression operand) = Field(comparison.Left, record) is Func<EmbeddingRow, object?> left
            ? (left, comparison.Right)
            : (Field(comparison.Right, record), comparison.Left);
        if (field is null || !TryValue(operand, out object? value))
        {
            throw Unsupported(comparison);
        }

        if (value is IConvertible and not (string or bool or double))
        {
            value = Convert.ToDouble(value, CultureInfo.InvariantCulture); // an age written as a whole number
        }

        return row => Equals(field(row), value) == isEqual;
    }

    // A constant, or a variable or member of one, as compilers write what a lambda captures.
    private static bool TryValue(Expression expression, out object? value)
    {
        value = null;
        switch (Bare(expression))
        {
            case ConstantExpression constant:
                value = constant.Value;
                return true;
            case MemberExpression { Member: FieldInfo field } member when Owner(member, out object? owner):
                value = field.GetValue(owner);
                return true;
            case MemberExpression { Member: PropertyInfo property } member when Owner(member, out object? owner):
                value = property.GetValue(owner);
                return true;
            default:
                return false;
        }
    }

    private static bool Owner(MemberExpression member, out object? owner)
    {
        owner = null;
        return member.Expression is null || (TryValue(member.Expression, out owner) && owner is not null);
    }

    private static Expression Bare(Expression expression) =>
        expression is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } converted
            ? Bare(converted.Operand)
            : expression;

    private static NotSupportedException Unsupported(Expression expression) => UserError.Mark(new NotSupportedException(
        $"The filter has '{expression}'; must be fields of {nameof(GalleryRecord)} compared by == or != with values, "
        + "joined by &&, || and !."));
}
