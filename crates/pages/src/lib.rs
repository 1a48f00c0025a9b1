//! The showing part of Causeway: values in, pages out.
//!
//! Nothing here performs I/O or decides anything about the business. A view takes a typed value and returns markup;
//! every word comes from the catalogue in `locales/`, every style and script from `assets/`.
