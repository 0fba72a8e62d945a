//! Nothing stands here: the benches are the content.
