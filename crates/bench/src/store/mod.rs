//! Where measurements touch the database by themselves: to know what it could do, and to fill it beforehand.

pub mod fill;
pub mod raw;
