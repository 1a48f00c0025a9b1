//! The deciding half of Causeway.
