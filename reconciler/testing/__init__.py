"""What tests of this tool, and of providers and backends for it, are made of; public."""
