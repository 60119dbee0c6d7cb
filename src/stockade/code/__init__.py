"""What a function's source does: the calls it makes to AWS, told by the flow of types and never by names."""
