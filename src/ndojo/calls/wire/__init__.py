"""The wire format: how values cross the sandbox boundary, in both directions.

Numbers are little-endian, and every value starts with a tag of one byte. Arrays cross as a *description* (dtype, shape,
strides, flags) and their raw bytes. An array that is a view of an argument crosses as a description without bytes. An
answer cannot fake a view, because the reader applies the description to memory that the judge allocated.

`Reader` reads all data from the sandbox and trusts none of it. Dtypes must be on a list, the number of bytes must match
the shape and dtype, depth and counts are limited, and nothing is unpickled or evaluated.
"""
