//! What the channels of Meta have in common: the set-up request, the signature, and the reading of a body layer
//! by layer.

pub mod challenge;
pub(crate) mod fields;
pub(crate) mod layer;
pub mod signature;
