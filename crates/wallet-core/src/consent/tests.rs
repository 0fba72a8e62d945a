//! Walls 1, 3 and 5, each with somebody trying to climb it.
