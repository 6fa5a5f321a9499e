"""Real parts (Milvus, an S3 server) started and stopped for the demo and the tests, without containers."""
