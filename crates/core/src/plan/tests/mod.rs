//! The deciding kernels, each test a sentence that fails when it is not true.

mod admission;
mod compose;
mod entries;
mod grouping;
mod keys;
mod kit;
mod matching;
mod ownership;
mod people;
mod revision;
mod scripts;
mod settings;
mod title;
mod wording;
