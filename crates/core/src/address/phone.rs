//! Phone numbers, and the regions with whose dialling rules they are read.

pub use super::region::{Region, UnknownRegion};
