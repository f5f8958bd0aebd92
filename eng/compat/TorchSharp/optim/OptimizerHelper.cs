using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What the optimisers written in C# share: parameter groups and a state per parameter.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    private protected List<ParamGroup> Groups { get; } = [];

    private protected Dictionary<Parameter, OptimizerState> States { get; } = new(ReferenceEqualityComparer.Instance as IEqualityComparer<Parameter>);

    public override IEnumerable<optim.ILearningRateController> ParamGroups => Groups;

    public override IEnumerable<Parameter> parameters() => Groups.SelectMany(group => group.Parameters);

    /// <summary>Fills every gradient that exists with zeros. <see cref="nn.Module.zero_grad"/> drops them instead, which is faster.</summary>
    public override void zero_grad()
    {
        foreach (var parameter in parameters())
        {
            using var gradient = parameter.grad;
            gradient?.zero_();
        }
    }

    public virtual StateDictionary state_dict()
    {
        var dictionary = new StateDictionary();
        foreach (var group in Groups)
        {
            dictionary.Options.Add(group.Options);
            foreach (var parameter in group.Parameters) dictionary.State.Add(States[parameter]);
        }

        return dictionary;
    }
}
