"""Stockade as a server: for editors (`lsp`) and for coding assistants (`mcp`). Neither writes a file."""
