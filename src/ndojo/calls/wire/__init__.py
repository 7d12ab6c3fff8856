"""The wire format: how values cross the sandbox boundary, in both directions.

Numbers are little-endian, and every value starts with a tag of one byte. Arrays cross as a *description* (dtype, shape,
strides, flags) and their raw bytes. An array that is a view of an argument crosses as a description alone: a view
costs nothing and cannot be faked: the reader applies the description to the memory that the judge allocated.

All data from the sandbox is read by `Reader`, which trusts nothing: dtypes are on a whitelist, lengths must
equal the product of the shape, depth and counts are bounded, and nothing is ever unpickled or evaluated.
"""
