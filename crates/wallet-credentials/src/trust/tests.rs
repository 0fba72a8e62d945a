//! Chains made for each rule, and the certificates of the public vectors.
