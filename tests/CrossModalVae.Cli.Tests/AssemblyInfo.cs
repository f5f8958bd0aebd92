// The engine's thread count belongs to the whole process: tests that train side by side would change
// each other's, and with it the last bits.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
