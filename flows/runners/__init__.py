"""Who prepares the batches of a flow run: this process, others here, a Dask cluster, the workers of a work pool."""
