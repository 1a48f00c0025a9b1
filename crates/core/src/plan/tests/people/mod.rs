//! People before their entries: asked for, found, made once, followed; carried out against a CRM of plain values.

mod changes;
mod chosen;
mod creation;
mod names;
mod renaming;
mod rounds;
mod trial;
mod world;
