"""What makes the generated files: pages of the reference, schemas, recordings; see `gen`."""
