//! What the calls of a trace say about its processes.
