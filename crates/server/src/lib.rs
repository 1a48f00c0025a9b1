//! The doing half of Causeway.
