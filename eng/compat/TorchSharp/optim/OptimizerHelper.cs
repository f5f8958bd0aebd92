using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What the optimisers written in C# share: parameter groups and a state per parameter.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    private protected List<ParamGroup> Groups { get; } = [];

    private protected Dictionary<Parameter, OptimizerState> States { get; } = new(ReferenceEqualityComparer.Instance as IEqualityComparer<Parameter>);

    public override IEnumerable<optim.ILearningRateController> ParamGroups => Groups;

    /// <summary>Fills every gradient that exists with zeros. <see cref="nn.Module.zero_grad"/> drops them instead, which is faster.</summary>
    public override void zero_grad()
    {
        foreach (var parameter in Groups.SelectMany(group => group.Parameters))
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
            foreach (var parameter in group.Parameters) dictionary.State.Add(States[parameter]);
        }

        return dictionary;
    }
}
