// TorchSharp 0.107 does not keep a number alive while libtorch computes with it (torch.Tensor.div(Scalar) and its kind): a collection that
// another thread starts meanwhile lets the finalizer free it, and the call fails with "Expected false to be true". One test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
