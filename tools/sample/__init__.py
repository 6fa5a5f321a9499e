"""The sample data: what is in it (`shapes`, `rows`) and how it gets into a Milvus (`fill`, `connect`)."""
