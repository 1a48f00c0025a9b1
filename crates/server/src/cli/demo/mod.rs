//! The main job on real input, against simulated orgs.

pub mod browser;
