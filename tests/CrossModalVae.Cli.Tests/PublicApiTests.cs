using System.Reflection;
using System.Text;

namespace CrossModalVae.Cli.Tests;

/// <summary>
/// The public surface of every packable project is recorded in its PublicApi.txt, so that a change shows in review. After a deliberate
/// change: CMVAE_UPDATE_PUBLIC_API=1 dotnet test tests/CrossModalVae.Cli.Tests --filter PublicApi.
/// </summary>
public class PublicApiTests
{
    [Theory]
    [InlineData("CrossModalVae")]
    [InlineData("CrossModalVae.Analysis")]
    [InlineData("CrossModalVae.Pictures")]
    [InlineData("CrossModalVae.Media")]
    [InlineData("CrossModalVae.Numerics")]
    [InlineData("CrossModalVae.Synthesis")]
    [InlineData("CrossModalVae.Training")]
    [InlineData("CrossModalVae.Onnx")]
    [InlineData("CrossModalVae.Pipelines")]
    public void PublicSurface_Project_IsTheRecordedOne(string project)
    {
        string file = Repository.File("src", project, "PublicApi.txt");
        string found = Describe(Assembly.Load(project));
        if (Environment.GetEnvironmentVariable("CMVAE_UPDATE_PUBLIC_API") == "1")
        {
            File.WriteAllText(file, found);
        }

        Assert.Equal(File.ReadAllText(file), found);
    }

    private static string Describe(Assembly assembly)
    {
        var lines = new List<string>();
        foreach (Type type in assembly.GetExportedTypes())
        {
            bool derived = type.BaseType is Type parent && parent != typeof(object) && !type.IsValueType;
            lines.Add(Name(type) + (derived ? $" : {Name(type.BaseType!)}" : ""));
            const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
            foreach (MemberInfo member in type.GetMembers(Own))
            {
                // Accessors show as their property; what the compiler makes for records is the same everywhere.
                if (member is not (MethodBase { IsSpecialName: true } and not ConstructorInfo)
                    && member is not Type
                    && !IsGenerated(type, member))
                {
                    lines.Add($"{Name(type)}.{Signature(member)}");
                }
            }
        }

        lines.Sort(StringComparer.Ordinal);
        return new StringBuilder().AppendJoin('\n', lines.Distinct()).Append('\n').ToString();
    }

    private static bool IsGenerated(Type type, MemberInfo member) =>
        member.Name is "<Clone>$" or "PrintMembers" or "Deconstruct" or "EqualityContract" or "value__"
        || (member.Name is "Equals" or "GetHashCode" or "ToString" && type.GetMethod("<Clone>$") is not null)
        || member.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute)) && member is MethodInfo;

    private static string Signature(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        MethodInfo method => $"{method.Name}({Parameters(method)}) : {Name(method.ReturnType)}",
        PropertyInfo property => $"{property.Name} : {Name(property.PropertyType)} "
            + $"{{{(property.GetMethod?.IsPublic == true ? " get" : "")}{(property.SetMethod?.IsPublic == true ? " set" : "")} }}",
        FieldInfo field => $"{field.Name} : {Name(field.FieldType)}{(field.IsLiteral ? $" = {field.GetRawConstantValue()}" : "")}",
        EventInfo e => $"event {e.Name} : {Name(e.EventHandlerType!)}",
        _ => member.ToString()!,
    };

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(p => $"{Name(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? " =" : "")}"));

    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return $"ref {Name(type.GetElementType()!)}";
        }

        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}[]";
        }

        string name = type.IsGenericParameter
            ? type.Name
            : (type.Namespace is string space ? $"{space}." : "") + (type.DeclaringType is Type outer ? $"{outer.Name}+" : "") + type.Name;
        return type.IsGenericType ? $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }
}
