//! Tests of addresses: the table of phone numbers, each country's forms, equality, spellings, and the laws that hold
//! for every input.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod region;
